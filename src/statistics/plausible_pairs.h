// Whether sums of products of channels are those of any pictures.
#pragma once

#include <string>

#include "statistics/dyadic.h"
#include "statistics/moments.h"

namespace imnorm {

// The first of the products that the channels' own sums do not allow, as ImplausibleSums says it.
//
// Rules:    the channels' own sums are plausible; `alike` is the pixels of each picture if all
//           count the same number, else 0
std::string ImplausiblePairs(const GroupMoments& moments, const StatsSettings& settings,
                             const Dyadic& alike);

}  // namespace imnorm
