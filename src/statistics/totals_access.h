// What the reader and the merge may do with totals that nobody else may.
#pragma once

#include "imnorm/statistics.h"
#include "statistics/moments.h"

namespace imnorm {

struct TotalsAccess {
  static GroupMoments& moments(Totals& totals) { return *totals.moments_; }
  static SizeCounts& sizes(Totals& totals) { return *totals.sizes_; }
  static std::vector<StatsFailure>& failed(Totals& totals) { return totals.failed_; }
  static NonfiniteCounts& nonfinite(Totals& totals) { return totals.nonfinite_; }
  static NoteCounts& notes(Totals& totals) { return totals.notes_; }
  static GroupMoments& ClassOf(Totals& totals, std::string_view name) {
    return totals.ClassOf(name);
  }
};

}  // namespace imnorm
