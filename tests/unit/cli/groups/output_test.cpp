// Options of output -> where the tensor goes.
#include "cli/groups/output.h"

#include <catch2/catch.hpp>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

Result<OutputOptions> Output(Words words) {
  return ResolveOutput(ParseGroup<OutputArguments>(AddOutput, std::move(words)).arguments);
}

}  // namespace

TEST_CASE("an output's format is its extension's or its option's", "[cli]") {
  CHECK(Output({"-o", "x.npy"})->format == "npy");
  CHECK(Output({"-o", "x.npy", "--format", "raw"})->format == "raw");
  const auto output = Output({"-o", "x.RAW", "--force", "--state-out", "s.npz"});
  REQUIRE(output);
  CHECK(output->format == "raw");
  CHECK(output->overwrite);
  CHECK(output->state_out == "s.npz");
  CHECK_THAT(Complaint(Output({})), Catch::Contains("-o OUT"));
  CHECK(Output({"-o", "x.jpg"}).error().setting == "output.format");
  CHECK_THAT(Complaint(Output({"-o", "x", "--format", "npyy"})), Catch::Contains("did you mean"));
  CHECK_THAT(Complaint(Output({"-o", "x.npy", "--manifest", "-"})),
             Catch::Contains("--manifest -: it takes a file"));
}

}  // namespace imnorm::cli
