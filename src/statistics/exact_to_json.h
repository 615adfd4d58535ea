// The part of a statistics file that the rest follows from.
#pragma once

#include <string>

#include "imnorm/statistics.h"
#include "json/json_text.h"

namespace imnorm {

// Adds the sums of a population as members: integers as decimal strings, so that a reader needs no
// more than int(); other exact numbers as ExactSum writes them.
void AddExactMoments(const GroupMoments& moments, const StatsSettings& settings, JsonObject* out);

// The object "exact" of a whole result.
std::string ExactToJson(const Totals& totals);

}  // namespace imnorm
