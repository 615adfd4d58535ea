// What a plan may ask of patches.
#pragma once

#include "imnorm/plan.h"

namespace imnorm {

// Errors:   kBadArgument: patches that contradict themselves or the rest of the plan
Result<void> CheckPatches(const Plan& plan);

}  // namespace imnorm
