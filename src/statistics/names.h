// Names of channels, plans and files in statistics.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imnorm/statistics.h"

namespace imnorm {

inline constexpr std::string_view kStatsSchema = "imnorm.stats/1";

// "red", "green", "blue" in the order measured; "gray"; "0", "1", ... for native channels.
std::vector<std::string> ChannelNames(const StatsSettings& settings);

// A plan's JSON without white space, so that equal plans are equal texts; other text as it is.
std::string CompactPlan(const std::string& plan);

// A name of any bytes as text: a byte that belongs to no UTF-8 character becomes "\xff", and a
// backslash that would read as one "\x5c". Different names have different texts.
std::string PrintableName(std::string_view name);

// The name that such a text stands for.
std::string NameOfPrintable(std::string_view text);

}  // namespace imnorm
