// Whether two statistics are of one run.
#pragma once

#include <string>

#include "imnorm/statistics.h"

namespace imnorm {

// The first setting in which two results differ, with both values; empty where they are those of
// one run, of which each may hold another part.
std::string SettingsDifference(const StatsSettings& a, const StatsSettings& b);

}  // namespace imnorm
