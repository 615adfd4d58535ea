// The words that stand for settings in JSON, on the command line and in messages.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/statistics.h"

namespace imnorm {

inline constexpr std::string_view kStatsSchema = "imnorm.stats/1";

// Indexed by the enum's value.
inline constexpr std::array<std::string_view, 3> kSampleNames = {"uint8", "uint16", "float"};
inline constexpr std::array<std::string_view, 4> kChannelOrders = {"rgb", "bgr", "gray", "native"};
inline constexpr std::array<std::string_view, 2> kWeightNames = {"pixel", "image"};
inline constexpr std::array<std::string_view, 2> kStdOfNames = {"pooled", "image-mean"};

inline std::string_view NameOf(SampleKind kind) { return kSampleNames[size_t(kind)]; }
inline std::string_view NameOf(PixelWeight weight) { return kWeightNames[size_t(weight)]; }
inline std::string_view NameOf(StdOf std_of) { return kStdOfNames[size_t(std_of)]; }

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
