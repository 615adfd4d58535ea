// The exact sums of a statistics file.
#pragma once

#include "statistics/json_reader.h"
#include "statistics/moments.h"

namespace imnorm {

// Read from the object "exact", of the whole or of a class; what the numbers mean together is
// checked later (plausible_totals.h).
//
// Shapes:   `moments` has been reset to the settings
// Errors:   by the reader, with the member's name
void ReadMoments(const JsonReader::Json& exact, const StatsSettings& settings, JsonReader* reader,
                 GroupMoments* moments);
void ReadSizes(const JsonReader::Json& exact, JsonReader* reader, SizeCounts* sizes);
void ReadHistogram(const JsonReader::Json& exact, JsonReader* reader, GroupMoments* moments);

}  // namespace imnorm
