// Whether the sums of a population are those of any pictures.
#pragma once

#include <string>

#include "statistics/dyadic.h"
#include "statistics/moments.h"

namespace imnorm {

// How many pixels the pictures of a population can have counted.
struct AreaBounds {
  Dyadic most;  // of one picture
  Dyadic all;   // of all of them
};

// The first contradiction among the sums, with the names of the members in quotes; empty where
// pictures with these sums can be thought of.
//
// Rules:    necessary conditions, not sufficient ones: bounds by min and max, Cauchy's inequality,
//           whole and odd numbers, and how many pictures there are to share the sums
// Numbers:  exact, but where a picture's own numbers were rounded before they were added: there
//           2^-44 of the magnitude is let pass
std::string ImplausibleSums(const GroupMoments& moments, const StatsSettings& settings,
                            const AreaBounds& areas);

}  // namespace imnorm
