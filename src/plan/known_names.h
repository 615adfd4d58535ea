// Names that other libraries and the hub have for plans: models, weights, checkpoints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "imnorm/plan.h"

namespace imnorm {

// What a name stands for in one library.
struct NameMeaning {
  std::string_view library;  // "timm 1.0.31"
  std::string_view name;     // as the library spells it
  std::string_view meaning;  // what a short name stands for there; or the name itself
  std::string_view recipe;   // a config
};

// A name as people may type it: lower case, "-" for "_" and blanks.
std::string SpeltAlike(std::string_view name);

// All names, as their libraries spell them; those with several meanings several times.
std::vector<std::string_view> KnownNames();

// Every meaning, whatever the case and whether "_" or "-" is typed; "timm/", "hf-hub:" and the like
// in front of a name do not count.
std::vector<NameMeaning> MeaningsOf(std::string_view name);

// The plan that they have in common.
//
// Errors:   kNotFound: they differ in pixels or values; the message lists them
Result<Plan> PlanOfMeanings(std::string_view name, const std::vector<NameMeaning>& meanings);

}  // namespace imnorm
