// From what is asked for to what a run reads.
#include <catch2/catch.hpp>

#include "imnorm/source.h"
#include "support/folder.h"

namespace imnorm {

TEST_CASE("a tensor file that stands alone is a tensor, whatever its case", "[source]") {
  for (const char* path : {"a.npy", "a.NPZ", "b/c.safetensors"}) {
    CAPTURE(path);
    const auto source = OpenPaths({path});
    REQUIRE(source);
    CHECK(source->is_tensor());
    CHECK(std::get<TensorSource>(source->items).path == path);
    CHECK(source->list().inputs.empty());
  }
}

TEST_CASE("folders and files are listed, with the part that is asked for", "[source]") {
  const Folder folder;
  folder.Write("a.png", "");
  folder.Write("b.png", "");
  SourceOptions options;
  options.inputs.inputs = {folder.path()};
  options.shard = {2, 3};
  const auto source = OpenSource(options);
  REQUIRE(source);
  CHECK_FALSE(source->is_tensor());
  CHECK(source->list().inputs.size() == 2);
  CHECK(source->shard.index == 2);
  CHECK(source->shard.count == 3);
  CHECK(OpenPaths({folder.path()})->list().inputs.size() == 2);
}

TEST_CASE("what does not exist is not found", "[source]") {
  const Folder folder;
  const auto source = OpenPaths({folder / "nothing"});
  REQUIRE_FALSE(source);
  CHECK(source.error().code == ErrorCode::kNotFound);
}

}  // namespace imnorm
