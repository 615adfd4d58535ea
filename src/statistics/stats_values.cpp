// Takes mean, std and percentiles out of statistics, for a plan.
#include <fmt/format.h>

#include "imnorm/statistics.h"
#include "statistics/distribution.h"
#include "statistics/summary.h"

namespace imnorm {

Result<StatsValues> ValuesOf(const Totals& totals, const std::vector<double>& percents) {
  const Summary summary = Summarize(totals.moments(), totals.settings(), totals.images());
  StatsValues out;
  out.scale = totals.settings().scale;
  out.channel_order = totals.settings().channel_order;
  for (size_t c = 0; c < summary.mean.size(); ++c) {
    if (!summary.mean[c] || !summary.std[c]) {
      return Fail(ErrorCode::kUnsupported, "no pixel was measured, so there is no mean and std");
    }
    out.mean.push_back(*summary.mean[c]);
    out.std.push_back(*summary.std[c]);
  }
  if (!percents.empty() && !totals.settings().histogram) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("there is no histogram, so there is no percentile {}; with "
                            "`measure.histogram` samples of uint8 and uint16 are counted",
                            percents.front()));
  }
  for (const double percent : percents) {
    std::vector<double>& values = out.percentiles.emplace_back();
    for (const ChannelMoments& channel : totals.moments().channels) {
      values.push_back(Percentile(channel.histogram, percent, out.scale).value_or(0.0));
    }
  }
  return out;
}

}  // namespace imnorm
