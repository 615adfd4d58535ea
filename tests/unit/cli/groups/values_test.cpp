// Options of values -> what becomes of the pixels.
#include "cli/groups/values.h"

#include <catch2/catch.hpp>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

Result<Plan> Values(Words words, Plan plan = {}) {
  const auto parsed = ParseGroup<ValueArguments>(AddValues, std::move(words));
  if (auto set = SetValues(parsed.arguments, parsed.given, plan); !set) return Failed(set);
  return plan;
}

}  // namespace

TEST_CASE("another method drops a preset's constants", "[cli]") {
  Plan preset;
  preset.values.mean = preset.values.std = {0.5};
  preset.values.scale = 2.0;
  const auto plan = Values({"--method", "instance"}, preset);
  REQUIRE(plan);
  CHECK(plan->values.mean.empty());
  CHECK(plan->values.scale == 255.0);
  CHECK(Values({}, preset)->values.mean.size() == 1);
  CHECK(Values({"--method", "given"}, preset)->values.scale == 2.0);
}

TEST_CASE("options of layers are refused beside other methods", "[cli]") {
  for (const Words& words :
       {Words{"--eps", "1"}, Words{"--gamma", "1"}, Words{"--beta", "1"}, Words{"--eval"},
        Words{"--affine", "a.npz"}, Words{"--batch-size", "2"}, Words{"--drop-last"},
        Words{"--momentum", "none"}, Words{"--state-in", "s.npz"}}) {
    CAPTURE(words[0]);
    CHECK(Complaint(Values(words)) ==
          std::string(words[0]) + " goes with --method batch, layer, instance or group");
    Words layer = words;
    layer.insert(layer.end(), {"--method", "batch"});
    CHECK(Complaint(Values(layer)) == "");
    layer = words;
    layer.push_back("--denormalize");
    CHECK(Complaint(Values(layer)) == "");
  }
  CHECK_THAT(Complaint(Values({"--groups", "2", "--method", "batch"})),
             Catch::Contains("--groups goes with --method group"));
  CHECK(Values({"--groups", "2", "--method", "group"})->layer.groups == 2);
}

TEST_CASE("mean and std have one source", "[cli]") {
  CHECK(Values({"--mean", "0.5", "--std", "0.5,0.4,0.3"})->values.std.size() == 3);
  CHECK_THAT(Complaint(Values({"--mean", "0.5"})), Catch::Contains("go together"));
  CHECK_THAT(Complaint(Values({"--mean", "0.5", "--std", "1", "--stats", "s.json"})),
             Catch::Contains("--stats brings"));
  CHECK_THAT(Complaint(Values({"--method", "none", "--stats", "auto"})),
             Catch::Contains("--method given"));
  CHECK_THAT(Complaint(Values({"--method", "none", "--scale", "2"})), Catch::Contains("--scale:"));
  CHECK(Values({"--scale", "2"})->values.float_scale == 2.0);
}

TEST_CASE("whole numbers are quantised, but for a picture's own bytes", "[cli]") {
  CHECK(!Values({"--dtype", "uint8", "--method", "none"})->values.quantize);
  CHECK(Values({"--dtype", "int8", "--qscale", "0.1"})->values.quantize);
  CHECK_THAT(Complaint(Values({"--dtype", "int8"})), Catch::Contains("need --qscale"));
  CHECK_THAT(Complaint(Values({"--qzero", "1"})), Catch::Contains("go with --dtype"));
}

}  // namespace imnorm::cli
