// What is told of each picture beside its rows.
#pragma once

#include <array>
#include <cstdint>

#include "imnorm/plan.h"
#include "sink/tensor_facts.h"

namespace imnorm {

// Whether anything is told.
bool HasNumbers(const PatchPlan& plan);

// Under which names, and how many numbers each.
//
// Rules:    what is told of pictures that stay whole, a format without a place for it leaves out
PackedFacts PackedFactsOf(const Plan& plan);

// A picture's, one name's after another's.
std::array<int64_t, 4> PatchNumbersOf(const Plan& plan, const PatchGrid& grid,
                                      const Placement& place);

}  // namespace imnorm
