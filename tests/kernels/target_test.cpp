#include "kernels/target.h"

#include <catch2/catch.hpp>

#include "imnorm/geometry.h"
#include "kernels/resize.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::ActiveTarget;
using kernels::ForceTarget;
using kernels::Target;
using kernels::TargetName;
using kernels::UsableTargets;

TEST_CASE("forcing a target takes effect in the kernels", "[kernels]") {
  const AxisWeights weights = MakeAxisWeights(500, 341, Filter::kBilinear, 0, 341);
  std::vector<size_t> step_bytes;
  testing::ForEachTarget([&](const std::string& name) {
    CHECK(TargetName(ActiveTarget()) == name);
    const auto columns = kernels::PrepareColumns(weights, 0, 3);
    CHECK(TargetName(columns.target) == name);
    // Vectors of another length hold other weights a step: the layout shows what really ran.
    step_bytes.push_back(
        columns.step_begin.empty() ? 0 : columns.steps.size() / size_t(columns.step_begin.back()));
  });
  for (size_t i = 1; i < step_bytes.size(); ++i) CHECK(step_bytes[i] != step_bytes[i - 1]);
}

TEST_CASE("an unknown target is refused and the usable ones are named", "[kernels]") {
  const Target before = ActiveTarget();
  const auto forced = ForceTarget("AVX9");
  REQUIRE_FALSE(forced.has_value());
  CHECK(forced.error().code == ErrorCode::kBadArgument);
  for (const Target target : UsableTargets()) {
    CHECK(forced.error().message.find(TargetName(target)) != std::string::npos);
  }
  CHECK(ActiveTarget() == before);
}

}  // namespace
}  // namespace imnorm
