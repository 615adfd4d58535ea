// Numbers that files declare in words, as samples of float32 hold them.
#pragma once

#include <cmath>
#include <limits>

namespace imnorm {

// The float nearest to a number, as a file of floats holds it; beyond their range an infinity.
inline double NearestFloat(double value) {
  constexpr double kMax = std::numeric_limits<float>::max();
  constexpr double kHalfStep = 0x1p103;  // of the last float: what rounds up from there overflows
  if (std::abs(value) >= kMax + kHalfStep) {
    return std::copysign(std::numeric_limits<double>::infinity(), value);
  }
  return std::abs(value) > kMax ? std::copysign(kMax, value) : double(float(value));
}

}  // namespace imnorm
