// What is told of each picture's patches beside them.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "imnorm/patches.h"
#include "sink/tensor_facts.h"

namespace imnorm {

// Under which names, and how many numbers each.
std::vector<PackedFacts::Numbers> PatchNumberNames(const PatchPlan& plan);

// A picture's, one name's after another's.
std::array<int64_t, 4> PatchNumbersOf(const PatchPlan& plan, const PatchGrid& grid);

}  // namespace imnorm
