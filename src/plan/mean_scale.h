// Means that were meant for samples on another scale.
#pragma once

#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// Refuses a mean above `highest`, the largest value that samples divided by `scale` can have.
//
// Errors:   kBadArgument, naming values.scale
Result<void> CheckMeanScale(const std::vector<double>& mean, double highest, double scale);

}  // namespace imnorm
