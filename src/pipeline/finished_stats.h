// Statistics that stand already, taken for those of a run.
#pragma once

#include <cstdint>
#include <optional>

#include "imnorm/run.h"

namespace imnorm {

// Adds what totals know of a run to its report.
void TakeTotals(const Totals& totals, RunReport& report);

// The result of a run of so many inputs that measures `wanted`, where it goes on and its file
// stands already.
//
// Errors:   kBadArgument: the file is of another run, or none of statistics
Result<std::optional<StatsResult>> FinishedStats(const StatsOptions& stats, const Totals& wanted,
                                                 uint64_t inputs);

}  // namespace imnorm
