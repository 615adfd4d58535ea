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

#if defined(__x86_64__) && !defined(__clang__)  // clang 14 does not know f16c, lzcnt and vaes
TEST_CASE("the usable targets are those that the compiler's own check allows", "[kernels]") {
  const bool sse4 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
                    __builtin_cpu_supports("aes");
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                    __builtin_cpu_supports("f16c") && __builtin_cpu_supports("lzcnt");
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd");
  const bool avx3_dl =
      avx3 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("vpclmulqdq") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") &&
      __builtin_cpu_supports("vaes") && __builtin_cpu_supports("avx512vpopcntdq") &&
      __builtin_cpu_supports("avx512bitalg") && __builtin_cpu_supports("gfni");
  std::vector<Target> expected;
  if (avx3_dl) expected.push_back(kernels::kAvx3Dl);
  if (avx3) expected.push_back(kernels::kAvx3);
  if (avx2) expected.push_back(kernels::kAvx2);
  if (sse4) expected.push_back(kernels::kSse4);
  expected.push_back(kernels::kFallback);
  CHECK(UsableTargets() == expected);
}
#endif

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
