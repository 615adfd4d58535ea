// Adds, multiplies and rounds exact numbers.
#include "statistics/dyadic.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace imnorm {
namespace {

// floor(value / 2^exponent) of a positive value, and whether anything was cut off.
struct Quotient {
  Wide bits = 0;
  int exponent = 0;
  bool inexact = false;
};

int BitLength(Wide value) {
  int length = 0;
  for (; value != 0; value >>= 1) ++length;
  return length;
}

// Divides by shift and subtract, as far as `wanted` or wanted + 1 quotient bits: the digits asked
// for are few and the numbers short, so Knuth's algorithm D would gain nothing.
Quotient Divide(const Dyadic& numerator, const Dyadic& denominator, int wanted, bool even) {
  BigInteger rest = numerator.mantissa().Magnitude();
  BigInteger divisor = denominator.mantissa();
  Quotient out;
  const int exponent = numerator.exponent() - denominator.exponent();
  int shift = wanted - (rest.BitLength() - divisor.BitLength());
  if (even && ((exponent - shift) & 1) != 0) --shift;
  out.exponent = exponent - shift;
  if (shift > 0) rest = rest.ShiftedLeft(shift);
  divisor = divisor.ShiftedLeft(wanted + std::max(0, -shift));
  for (int i = 0; i <= wanted; ++i) {
    if (i > 0) rest.Double();
    out.bits <<= 1;
    if (BigInteger::CompareMagnitude(rest, divisor) < 0) continue;
    rest.Subtract(divisor);
    out.bits |= 1;
  }
  out.inexact = !rest.IsZero();
  return out;
}

// The nearest double to a positive quotient of 55 bits or more.
double Round(const Quotient& quotient) {
  const int length = BitLength(quotient.bits);
  const int top = quotient.exponent + length - 1;  // 2^top <= value < 2^(top + 1)
  const int precision = std::min(53, 53 + 1022 + top);
  if (precision < 0) return 0.0;
  const int dropped = length - precision;
  const Wide half = Wide(1) << (dropped - 1);
  const Wide tail = quotient.bits & ((half << 1) - 1);
  uint64_t mantissa = precision == 0 ? 0 : uint64_t(quotient.bits >> dropped);
  const bool tie = tail == half && !quotient.inexact;
  if (tie ? (mantissa & 1) != 0 : tail >= half) ++mantissa;
  return std::ldexp(double(mantissa), quotient.exponent + dropped);
}

uint64_t FloorSqrt(Wide value) {
  uint64_t root = 0;
  for (int i = 63; i >= 0; --i) {
    const uint64_t candidate = root | (uint64_t{1} << i);
    if (Wide(candidate) * candidate <= value) root = candidate;
  }
  return root;
}

}  // namespace

Dyadic::Dyadic(double value) {
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);
  mantissa_ = BigInteger(uint64_t(std::ldexp(fraction, 53)));
  if (value < 0) mantissa_ = -mantissa_;
  exponent_ = exponent - 53;
}

Dyadic::Dyadic(const ExactSum& sum) {
  ExactSum::Digits digits = sum.ToDigits();
  exponent_ = digits.first_digit * 32;
  mantissa_ = BigInteger(digits.negative, std::move(digits.magnitude));
}

Dyadic Dyadic::operator+(const Dyadic& other) const {
  if (IsZero()) return other;
  if (other.IsZero()) return *this;
  const int low = std::min(exponent_, other.exponent_);
  return Dyadic(
      mantissa_.ShiftedLeft(exponent_ - low) + other.mantissa_.ShiftedLeft(other.exponent_ - low),
      low);
}

Dyadic Dyadic::Reduced() const {
  if (IsZero()) return Dyadic();
  const int zeros = mantissa_.TrailingZeros();
  return Dyadic(mantissa_.ShiftedRight(zeros), exponent_ + zeros);
}

double RoundRatio(const Dyadic& numerator, const Dyadic& denominator) {
  assert(!denominator.IsZero() && !denominator.negative());
  if (numerator.IsZero()) return 0.0;
  const double magnitude = Round(Divide(numerator, denominator, 66, false));
  return numerator.negative() ? -magnitude : magnitude;
}

double RoundSqrtRatio(const Dyadic& numerator, const Dyadic& denominator) {
  assert(!denominator.IsZero() && !denominator.negative());
  if (numerator.IsZero() || numerator.negative()) return 0.0;
  // A square root of 126 to 128 bits has 63 or 64, enough for 53 and the rounding.
  const Quotient square = Divide(numerator, denominator, 127, true);
  Quotient root;
  root.bits = FloorSqrt(square.bits);
  root.exponent = square.exponent / 2;
  root.inexact = square.inexact || root.bits * root.bits != square.bits;
  return Round(root);
}

}  // namespace imnorm
