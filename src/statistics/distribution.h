// What a histogram says beyond mean and std.
#pragma once

#include <cstdint>
#include <vector>

#include "statistics/summary.h"

namespace imnorm {

// Percentiles in steps of one millionth of a percent.
inline constexpr double kPercentStep = 1e-6;

// The value below which `percent` of all counted samples lie, over `scale`.
//
// Rules:    0 <= percent <= 100, rounded to kPercentStep
// Numbers:  numpy.percentile's default (linear between neighbours) in exact arithmetic, rounded
// once
MaybeNumber Percentile(const std::vector<uint64_t>& histogram, double percent, double scale);

// Third standardised moment, and fourth minus 3, of all counted samples (population, no bias
// correction); neither exists where all samples are equal.
//
// Numbers:  correctly rounded for skewness and kurtosis
struct Shape {
  MaybeNumber skewness;
  MaybeNumber excess_kurtosis;
};
Shape ShapeOf(const std::vector<uint64_t>& histogram);

}  // namespace imnorm
