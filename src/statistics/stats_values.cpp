// Takes mean and std out of statistics, for a plan.
#include "imnorm/statistics.h"
#include "statistics/summary.h"

namespace imnorm {

Result<StatsValues> ValuesOf(const Totals& totals) {
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
  return out;
}

}  // namespace imnorm
