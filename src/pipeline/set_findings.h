// What is found in pictures beside each other.
#pragma once

#include <string>
#include <vector>

#include "imnorm/verify.h"
#include "pipeline/picture_findings.h"

namespace imnorm {

// Adds odd sizes, duplicates, leaks, near duplicates and names that differ only by case; takes
// kGray away where all pictures are grey.
//
// Shapes:   looked[i] is of list.inputs[i], others[i] of options.other.inputs[i]
void AddSetFindings(const InputList& list, const std::vector<LookedAt>& looked,
                    const std::vector<LookedAt>& others, const VerifyOptions& options,
                    std::vector<Finding>& findings);

}  // namespace imnorm
