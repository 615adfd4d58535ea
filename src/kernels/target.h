// Which SIMD target runs: chosen once by cpuid, or forced by name.
#pragma once

#include <string>
#include <vector>

#include "imnorm/error.h"

namespace imnorm::kernels {

// Slots of the dispatch tables, best first. kFallback is SCALAR on x86.
enum Target { kAvx3Dl, kAvx3, kAvx2, kSse4, kNeon, kFallback, kTargetCount };

// The target in use. The first call decides: IMNORM_SIMD if set to a usable name, else the best
// that this CPU has.
//
// Threads:  safe
Target ActiveTarget();

// "AVX3_DL", "AVX3", "AVX2", "SSE4", "NEON" or "SCALAR".
const char* TargetName(Target target);

// The targets that this build and this CPU can run, best first.
std::vector<Target> UsableTargets();

// Forces a target by name for the rest of the process (tests switch between several).
//
// Errors:   kBadArgument: unknown or not usable here; the message lists the usable ones
Result<void> ForceTarget(const std::string& name);

// Applies IMNORM_SIMD, once, before any work.
//
// Errors:   kBadArgument, naming the variable
Result<void> ApplyTargetFromEnvironment();

}  // namespace imnorm::kernels
