// Options of inputs -> a source.
#include "cli/groups/inputs.h"

#include <catch2/catch.hpp>

#include "cli/groups/geometry.h"
#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

Result<SourceOptions> Inputs(Words words) {
  const auto add = [](Options& o, std::pair<InputArguments, GeometryArguments>& a) {
    AddInputs(o, a.first);
    AddGeometry(o, a.second, Fits::kAll);
  };
  const auto parsed =
      ParseGroup<std::pair<InputArguments, GeometryArguments>>(add, std::move(words));
  return ResolveSource(parsed.arguments.first, parsed.given);
}

}  // namespace

TEST_CASE("a tensor is an input of its own and takes no picture's option", "[cli]") {
  CHECK(Inputs({"a.npy"})->is_tensor());
  CHECK(Inputs({"a.npz", "--tensor", "x"})->tensor.name == "x");
  CHECK(!Inputs({"photos", "--tensor", ""})->is_tensor());
  CHECK(Inputs({"a.npy", "--resize", "none"})->is_tensor());
  CHECK_THAT(Complaint(Inputs({"a.npy", "--crop", "3"})),
             Catch::StartsWith("--crop is for pictures"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "--no-follow"})), Catch::StartsWith("--no-follow is for"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "b.jpg"})), Catch::Contains("give it alone"));
  CHECK_THAT(Complaint(Inputs({"a.npy", "--files-from", "l"})), Catch::Contains("give it alone"));
  CHECK_THAT(Complaint(Inputs({"photos", "--tensor", "x"})), Catch::Contains("--tensor x"));
  CHECK_THAT(Complaint(Inputs({})), Catch::Contains("no INPUT"));
}

TEST_CASE("lists of pictures are as the options say", "[cli]") {
  const auto source = Inputs({"p", "--ext", ".JPG,png", "--no-follow", "--shard", "2/3", "-0"});
  REQUIRE(source);
  CHECK(source->inputs.extensions == std::vector<std::string>{"jpg", "png"});
  CHECK(!source->inputs.follow_links);
  CHECK(source->inputs.null_separated);
  CHECK(source->shard.index == 2);
  CHECK(source->shard.count == 3);
  CHECK(Inputs({"p"})->shard.count == 1);
  CHECK_THAT(Complaint(Inputs({"p", "--shard", "4/3"})), Catch::StartsWith("--shard"));
  CHECK_THAT(Complaint(Inputs({"p", "--num-shards", "3"})), Catch::StartsWith("--num-shards"));
}

}  // namespace imnorm::cli
