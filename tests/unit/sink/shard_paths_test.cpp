// Names of shards, and which files are taken for some.
#include "sink/shard_paths.h"

#include <catch2/catch.hpp>

#include "support/folder.h"

namespace imnorm {
namespace {

OutputOptions At(const std::string& path, bool overwrite = false) {
  OutputOptions output;
  output.path = path;
  output.overwrite = overwrite;
  return output;
}

}  // namespace

TEST_CASE("a shard's number stands in front of the extension", "[sink]") {
  CHECK(ShardPath("a/b.npy", 0) == "a/b-000000.npy");
  CHECK(ShardPath("a.b/c", 12) == "a.b/c-000012");
  CHECK(ShardPath("a/.hidden", 1) == "a/.hidden-000001");
  CHECK(ShardPath("t.tar", 12345678) == "t-12345678.tar");
}

TEST_CASE("an output of which a shard stands is refused, other files are not shards", "[sink]") {
  const Folder folder;
  const std::string path = folder / "x.npy";
  for (const char* other : {"x.npy", "x-1.npy", "x-00000a.npy", "y-000000.npy", "x-000000.npz"}) {
    folder.Write(other, "");
  }
  CHECK(CheckShards(At(path)));
  folder.Write("x-000007.npy", "");
  folder.Write("x-000003.npy", "");
  const auto refused = CheckShards(At(path));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().setting == "output.overwrite");
  CHECK(refused.error().message.find("x-000003.npy") != std::string::npos);
  CHECK(CheckShards(At(path, /*overwrite=*/true)));
}

TEST_CASE("old shards go from a number on, with their markers", "[sink]") {
  const Folder folder;
  for (const char* name : {"x-000000.npy", "x-000001.npy", "x-000001.npy.done", "x-000002.npy"}) {
    folder.Write(name, "");
  }
  folder.Write("x-1.npy", "");
  REQUIRE(RemoveShardsFrom(folder / "x.npy", 1));
  CHECK(std::filesystem::exists(folder / "x-000000.npy"));
  CHECK(std::filesystem::exists(folder / "x-1.npy"));
  CHECK_FALSE(std::filesystem::exists(folder / "x-000001.npy"));
  CHECK_FALSE(std::filesystem::exists(folder / "x-000001.npy.done"));
  CHECK_FALSE(std::filesystem::exists(folder / "x-000002.npy"));
}

}  // namespace imnorm
