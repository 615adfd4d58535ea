// Exact numbers compared, and what roundings before they were added may have changed.
#pragma once

#include <cstdint>

#include "statistics/dyadic.h"
#include "statistics/moments.h"

namespace imnorm {

inline bool AtMost(const Dyadic& a, const Dyadic& b) { return !(b - a).negative(); }
inline bool Equal(const Dyadic& a, const Dyadic& b) { return (a - b).IsZero(); }
inline Dyadic Larger(const Dyadic& a, const Dyadic& b) { return AtMost(a, b) ? b : a; }
inline Dyadic Smaller(const Dyadic& a, const Dyadic& b) { return AtMost(a, b) ? a : b; }
inline Dyadic Magnitude(const Dyadic& a) { return a.negative() ? -a : a; }
inline Dyadic Square(const Dyadic& a) { return a * a; }
inline bool IsWhole(const Dyadic& a) { return a.IsZero() || a.Reduced().exponent() >= 0; }
inline bool IsOdd(const Dyadic& whole) {
  return !whole.IsZero() && whole.Reduced().exponent() == 0;
}

// What roundings of the pictures' own numbers may add up to.
//
// Numbers:  2^-44 of a magnitude: some roundings to 2^-53, and room. Where squares are too small
//           for a double an absolute 2^-1000, times the pixels' fourth power since that many are
//           multiplied with them at most
class Rounding {
 public:
  explicit Rounding(const Dyadic& pixels)
      : underflow_(Square(Square(pixels + Dyadic(uint64_t{1}))) *
                   Dyadic(BigInteger(uint64_t{1}), -1000)) {}

  Dyadic Slack(const Dyadic& magnitude) const {
    return Dyadic(magnitude.mantissa().Magnitude(), magnitude.exponent() - 44) + underflow_;
  }
  bool Near(const Dyadic& a, const Dyadic& b, const Dyadic& magnitude) const {
    return AtMost(Magnitude(a - b), Slack(magnitude));
  }

 private:
  Dyadic underflow_;
};

// One channel's sums as exact numbers.
struct ChannelSums {
  explicit ChannelSums(const ChannelMoments& of)
      : low(of.min),
        high(of.max),
        sum(of.sum),
        squares(of.sum_squares),
        image_mean(of.image_mean),
        image_second(of.image_second),
        reach(Larger(Magnitude(low), Magnitude(high))),
        top(Square(reach)) {}
  Dyadic low, high, sum, squares, image_mean, image_second;
  Dyadic reach, top;  // the largest magnitude and square of a sample
};

}  // namespace imnorm
