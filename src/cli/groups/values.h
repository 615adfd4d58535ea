// The options that say which values the samples become, and of what type.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

struct ValueArguments {
  std::optional<std::string> mean, std, stats, method, dtype, layout, affine, gamma, beta;
  std::optional<std::string> state_in, state_prefix, momentum, scale;
  std::optional<double> qscale, eps;
  std::optional<int> qzero, groups;
  std::optional<int64_t> batch_size;
  bool drop_last = false, eval = false, denormalize = false;
};

void AddValues(Options& options, ValueArguments& a);

// What --scale says: a divisor; or the ends of a range, in numbers, one for all channels or one
// each, or as percentiles, 0 to 100.
struct ScaleWord {
  std::optional<double> divisor;
  std::vector<double> low, high;
  std::vector<double> percents;  // two, or none
};

// "F", "LOW:HIGH", "A,B,C:D,E,F" or "p2:p98".
//
// Errors:   kBadArgument
Result<ScaleWord> ParseScale(std::string_view text);

// Puts a divisor over a plan's.
void SetScale(const std::optional<double>& scale, Plan& plan);

// Puts these options over a plan.
//
// Errors:   kBadArgument, each naming its flag: words and numbers that are none, options that say
//           two things at once or go with another method
Result<void> SetValues(const ValueArguments& a, const std::vector<GivenOption>& given, Plan& plan);

}  // namespace imnorm::cli
