// Means that were meant for samples on another scale.
#pragma once

#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// Refuses a mean above `highest`, the largest value that samples divided by `scale` can have, and a
// std ten times as large: nothing varies so much.
//
// Errors:   kBadArgument, naming values.scale
Result<void> CheckMeanScale(const std::vector<double>& mean, const std::vector<double>& std,
                            double highest, double scale);

}  // namespace imnorm
