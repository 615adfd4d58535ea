// Whether totals are those of any list of inputs.
#pragma once

#include <string>

#include "imnorm/statistics.h"

namespace imnorm {

// The first contradiction in totals that were read from a file, with the names of the members in
// quotes; empty where a run could have made them.
//
// Rules:    beside the sums themselves (plausible_sums.h): counts of inputs against the list and
//           the shards, sizes against counts, histograms against sums, classes against the whole,
//           what was left out against what there was
std::string ImplausibleTotals(const Totals& totals);

}  // namespace imnorm
