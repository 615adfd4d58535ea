// What a statistics file was measured with.
#pragma once

#include "imnorm/statistics.h"
#include "statistics/json_reader.h"

namespace imnorm {

// The settings that stand in a file.
//
// Errors:   by the reader, with the member's name
StatsSettings ReadSettings(const JsonReader::Json& json, JsonReader* reader);

}  // namespace imnorm
