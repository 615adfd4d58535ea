// What the reader and the merge may do with totals that nobody else may.
#pragma once

#include "imnorm/statistics.h"
#include "statistics/moments.h"

namespace imnorm {

struct TotalsAccess {
  static Moments& moments(Totals& totals) { return *totals.moments_; }
  static SizeCounts& sizes(Totals& totals) { return *totals.sizes_; }
  static ShardSet& shards(Totals& totals) { return totals.shards_; }
  static std::map<std::string, Moments, std::less<>>& classes(Totals& totals) {
    return totals.classes_;
  }
};

}  // namespace imnorm
