// Means that were meant for samples on another scale.
#include "plan/mean_scale.h"

#include <fmt/format.h>

#include <algorithm>

namespace imnorm {

Result<void> CheckMeanScale(const std::vector<double>& mean, const std::vector<double>& std,
                            double highest, double scale) {
  // Below 1 nobody writes a mean of 0..255, whatever the scale; the rest is for 255 * (1 / 255).
  const double limit = std::max(1.0, highest) * (1 + 1e-9);
  for (const double value : mean) {
    if (value <= limit) continue;
    return Blame("values.mean",
                 fmt::format("mean {} is above all samples once they are divided by {}: with "
                             "`values.scale` 1 mean and std are on the samples' own scale",
                             value, scale));
  }
  for (const double value : std) {
    if (value <= 10 * limit) continue;
    return Blame("values.std",
                 fmt::format("std {} is more than ten times what all samples span once they are "
                             "divided by {}: with `values.scale` 1 mean and std are on the "
                             "samples' own scale",
                             value, scale));
  }
  return {};
}

}  // namespace imnorm
