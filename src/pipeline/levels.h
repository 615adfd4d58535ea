// Values of a tensor as levels that people can look at.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <vector>

#include "imnorm/image.h"
#include "imnorm/plan.h"
#include "statistics/row_difference.h"

namespace imnorm {

// From values to levels of 0..255, channel by channel.
//
// Rules:    where the plan normalised by given mean and std, or not at all, that is undone: levels
//           are the picture's own. Else the least finite value of `seen` is 0 and the largest 255
class Levels {
 public:
  Levels(const std::optional<Plan>& plan, size_t channels,
         std::initializer_list<const std::vector<double>*> seen);

  double Of(double value, size_t c) const { return value * scale_[c] + offset_[c]; }
  double Difference(double a, double b, size_t c) const;

 private:
  std::vector<double> scale_, offset_;
};

// A level as a byte; NaN is 0.
uint8_t LevelByte(double level);

// The channel of a row that is shown as red, green or blue: of one or two, and of more than four,
// the first.
size_t ShownChannel(const std::optional<Plan>& plan, size_t channels, size_t colour);

// A row of a tensor as an RGB picture.
//
// Errors:   kUnsupported: the row has not three axes
Result<Image> ShowRow(const ComparedRow& row, const std::optional<Plan>& plan);

}  // namespace imnorm
