#include "kernels/target.h"

#include <fmt/format.h>

#include <atomic>
#include <cstdlib>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace imnorm::kernels {
namespace {

constexpr int kUndecided = -1;
std::atomic<int> active_target{kUndecided};

#if defined(__x86_64__)
// Features whose names clang 14's __builtin_cpu_supports does not know.
struct RawFeatures {
  bool f16c = false;
  bool lzcnt = false;
  bool vaes = false;
};

RawFeatures ReadRawFeatures() {
  RawFeatures features;
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) features.f16c = (ecx >> 29 & 1) != 0;
  if (__get_cpuid(0x80000001, &eax, &ebx, &ecx, &edx)) features.lzcnt = (ecx >> 5 & 1) != 0;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) features.vaes = (ecx >> 9 & 1) != 0;
  return features;
}

// The instruction sets that Highway 1.0.3 asks of each target (hwy/targets.cc);
// __builtin_cpu_supports also checks that the operating system saves the registers.
bool CpuHas(Target target) {
  __builtin_cpu_init();
  // Once: under a hypervisor each cpuid instruction costs more than ten microseconds.
  static const RawFeatures raw = ReadRawFeatures();
  const bool sse4 = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul") &&
                    __builtin_cpu_supports("aes");
  const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") && raw.f16c &&
                    raw.lzcnt;
  const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd");
  const bool avx3_dl =
      avx3 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("vpclmulqdq") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2") && raw.vaes &&
      __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512bitalg");
  switch (target) {
    case kAvx3Dl:
      return avx3_dl;
    case kAvx3:
      return avx3;
    case kAvx2:
      return avx2;
    case kSse4:
      return sse4;
    default:
      return target == kFallback;
  }
}
#elif defined(__aarch64__)
bool CpuHas(Target target) { return target == kNeon || target == kFallback; }
#else
bool CpuHas(Target target) { return target == kFallback; }
#endif

}  // namespace

const char* TargetName(Target target) {
  static constexpr const char* kNames[] = {"AVX3_DL", "AVX3", "AVX2", "SSE4", "NEON", "SCALAR"};
  return kNames[target];
}

std::vector<Target> UsableTargets() {
  std::vector<Target> usable;
  for (int t = 0; t < kTargetCount; ++t) {
    if (CpuHas(Target(t))) usable.push_back(Target(t));
  }
  return usable;
}

Target ActiveTarget() {
  int target = active_target.load(std::memory_order_relaxed);
  if (target == kUndecided) {
    const char* forced = std::getenv("IMNORM_SIMD");
    if (forced == nullptr || *forced == '\0' || !ForceTarget(forced)) {
      active_target.store(UsableTargets().front(), std::memory_order_relaxed);
    }
    target = active_target.load(std::memory_order_relaxed);
  }
  return Target(target);
}

Result<void> ForceTarget(const std::string& name) {
  std::string usable;
  for (const Target target : UsableTargets()) {
    if (name == TargetName(target)) {
      active_target.store(target, std::memory_order_relaxed);
      return {};
    }
    usable += usable.empty() ? "" : ", ";
    usable += TargetName(target);
  }
  return Fail(ErrorCode::kBadArgument,
              fmt::format("no SIMD target \"{}\" here; usable are {}", name, usable));
}

Result<void> ApplyTargetFromEnvironment() {
  const char* forced = std::getenv("IMNORM_SIMD");
  if (forced == nullptr || *forced == '\0') return {};
  auto done = ForceTarget(forced);
  if (!done) return Prefixed("IMNORM_SIMD", std::move(done.error()));
  return {};
}

}  // namespace imnorm::kernels
