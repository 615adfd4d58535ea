// Asks cpuid which SIMD target may run, and IMNORM_SIMD which one shall.
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
constexpr bool HasAll(unsigned bits, unsigned wanted) { return (bits & wanted) == wanted; }

// Which registers the operating system saves; only where cpuid says OSXSAVE.
unsigned SavedRegisters() {
  unsigned eax = 0, edx = 0;
  __asm__("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  return eax;
}

// The instruction sets that Highway asks of each target (hwy/targets.cc), up to 1.2, which lets
// AVX3_DL have GFNI too, as every CPU with the rest of it has. By cpuid and not by
// __builtin_cpu_supports, whose constructor asks the CPU a dozen times at every start: under a
// hypervisor each cpuid instruction is a trap, and together they are a tenth of an empty program.
Target BestOfCpu() {
  constexpr unsigned kAvxRegisters = 0x06;     // XMM, YMM
  constexpr unsigned kAvx512Registers = 0xe6;  // and the masks, upper halves of ZMM, ZMM16..31
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  const unsigned leaves = __get_cpuid_max(0, nullptr);
  __cpuid(1, eax, ebx, ecx, edx);
  const unsigned basic = ecx;
  if (!HasAll(basic, bit_SSE4_2 | bit_PCLMUL | bit_AES)) return kFallback;
  if (leaves < 7 || !HasAll(basic, bit_OSXSAVE | bit_AVX | bit_FMA | bit_F16C)) return kSse4;
  const unsigned saved = SavedRegisters();
  __cpuid_count(7, 0, eax, ebx, ecx, edx);
  const unsigned more = ebx;
  const unsigned newer = ecx;
  __cpuid(0x80000001, eax, ebx, ecx, edx);  // there since CPUs have 64 bits
  if (!HasAll(saved, kAvxRegisters) || !HasAll(more, bit_AVX2 | bit_BMI | bit_BMI2) ||
      !HasAll(ecx, bit_LZCNT)) {
    return kSse4;
  }
  if (!HasAll(saved, kAvx512Registers) ||
      !HasAll(more, bit_AVX512F | bit_AVX512VL | bit_AVX512DQ | bit_AVX512BW | bit_AVX512CD)) {
    return kAvx2;
  }
  return HasAll(newer, bit_AVX512VNNI | bit_VPCLMULQDQ | bit_AVX512VBMI | bit_AVX512VBMI2 |
                           bit_VAES | bit_AVX512VPOPCNTDQ | bit_AVX512BITALG | bit_GFNI)
             ? kAvx3Dl
             : kAvx3;
}

// Every target takes in those after it.
bool CpuHas(Target target) {
  static const Target best = BestOfCpu();
  return target == kFallback || (target >= best && target <= kSse4);
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
