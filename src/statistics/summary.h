// The numbers that people read, each rounded once from the exact sums.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "imnorm/statistics.h"
#include "statistics/moments.h"

namespace imnorm {

// A number that may not exist: a mean of no pixels, an error estimated from one picture.
using MaybeNumber = std::optional<double>;

// Units:    everything on the scale that settings.scale makes; variances on its square
// Numbers:  mean, std, covariance, correlation and mean_of_* are correctly rounded
struct Summary {
  std::vector<MaybeNumber> mean, std, min, max;
  std::vector<MaybeNumber> pooled_std;  // std, whatever StdOf says
  std::vector<MaybeNumber> mean_of_image_mean, mean_of_image_std;
  std::vector<MaybeNumber> mean_error, std_error;                 // standard errors over pictures
  std::vector<std::vector<MaybeNumber>> covariance, correlation;  // empty without cross sums
};

// Turns sums into numbers.
//
// Rules:    `drawn` is the number of inputs taken, failed ones included: with a sampled list the
//           errors are those of a sample without replacement and vanish when all are taken
Summary Summarize(const GroupMoments& moments, const StatsSettings& settings, uint64_t drawn);

}  // namespace imnorm
