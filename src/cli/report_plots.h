// The plots of a report.
#pragma once

#include <string>
#include <vector>

#include "imnorm/statistics.h"

namespace imnorm::cli {

// The samples of each channel, 0 to 255 or 65535; "" where no histogram was measured.
std::string SamplesPlot(const Totals& totals);

// The samples after (x / full - mean) / std * gamma + beta, beside the normal density of mean
// `beta` and standard deviation `gamma`; mean and std on the [0,1] scale, one a channel.
std::string NormalizedPlot(const Totals& totals, const std::string& title,
                           const std::vector<double>& mean, const std::vector<double>& std,
                           double gamma, double beta);

}  // namespace imnorm::cli
