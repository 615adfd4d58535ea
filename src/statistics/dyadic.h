// Exact numbers of the form integer * 2^exponent, and the one rounding at the end.
#pragma once

#include <cstdint>

#include "imnorm/exact_sum.h"
#include "statistics/big_integer.h"

namespace imnorm {

// An exact number: every double, every ExactSum, and their sums and products.
class Dyadic {
 public:
  Dyadic() = default;
  explicit Dyadic(uint64_t value) : mantissa_(value) {}
  explicit Dyadic(double value);  // finite
  explicit Dyadic(const ExactSum& sum);
  Dyadic(BigInteger mantissa, int exponent) : mantissa_(std::move(mantissa)), exponent_(exponent) {}

  const BigInteger& mantissa() const { return mantissa_; }
  int exponent() const { return exponent_; }
  bool IsZero() const { return mantissa_.IsZero(); }
  bool negative() const { return mantissa_.negative(); }

  Dyadic operator-() const { return Dyadic(-mantissa_, exponent_); }
  Dyadic operator+(const Dyadic& other) const;
  Dyadic operator-(const Dyadic& other) const { return *this + (-other); }
  Dyadic operator*(const Dyadic& other) const {
    return Dyadic(mantissa_ * other.mantissa_, exponent_ + other.exponent_);
  }

  // The same number with an odd mantissa.
  Dyadic Reduced() const;

 private:
  BigInteger mantissa_;
  int exponent_ = 0;
};

// numerator / denominator, rounded once to the nearest double, ties to even.
//
// Rules:    denominator > 0
// Numbers:  correctly rounded over the whole range of double, subnormals included; infinity beyond
double RoundRatio(const Dyadic& numerator, const Dyadic& denominator);

// sqrt(numerator / denominator), rounded once.
//
// Rules:    denominator > 0; a numerator below 0, which sums of squares only have in a file that
// was
//           tampered with, counts as 0
double RoundSqrtRatio(const Dyadic& numerator, const Dyadic& denominator);

}  // namespace imnorm
