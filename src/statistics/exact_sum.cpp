// Adds doubles without any rounding, in one wide fixed-point number.
#include "imnorm/exact_sum.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <cmath>

#include "statistics/dyadic.h"

namespace imnorm {
namespace {

constexpr int kDigitBits = 32;
constexpr int64_t kDigitMask = 0xffffffff;
// A chunk takes less than 2^33 an addition, so two sums at this limit still add in 63 bits.
constexpr int kMaxPending = 1 << 28;
// No sum of 2^64 products of doubles leaves these exponents; texts beyond them are refused.
constexpr int kMaxExponent = 2200;

// A finite double as mantissa * 2^exponent.
struct Parts {
  uint64_t mantissa;
  int exponent;
  bool negative;
};

Parts Split(double value) {
  const uint64_t bits = std::bit_cast<uint64_t>(value);
  const int field = int(bits >> 52) & 0x7ff;
  assert(field != 0x7ff);
  const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
  const bool negative = (bits >> 63) != 0;
  if (field == 0) return {fraction, -1074, negative};
  return {fraction | (uint64_t{1} << 52), field - 1075, negative};
}

}  // namespace

void ExactSum::Add(double value) {
  const Parts parts = Split(value);
  AddScaled(0, parts.mantissa, parts.exponent, parts.negative);
}

void ExactSum::AddProduct(double a, double b) {
  const Parts x = Split(a), y = Split(b);
  const Wide product = Wide(x.mantissa) * y.mantissa;
  AddScaled(uint64_t(product >> 64), uint64_t(product), x.exponent + y.exponent,
            x.negative != y.negative);
}

void ExactSum::AddProduct(uint64_t a, uint64_t b) {
  const Wide product = Wide(a) * b;
  AddScaled(uint64_t(product >> 64), uint64_t(product), 0, false);
}

void ExactSum::AddScaled(uint64_t high, uint64_t low, int exponent, bool negative) {
  if ((high | low) == 0) return;
  const int first = exponent >> 5;  // floor, for negative exponents too
  const int shift = exponent & 31;
  const int pieces = high != 0 ? 4 : 2;
  Reserve(first, first + pieces + 1);
  if (++pending_ >= kMaxPending) Carry();
  const uint64_t digits[4] = {low & kDigitMask, low >> kDigitBits, high & kDigitMask,
                              high >> kDigitBits};
  int64_t* chunk = chunks_.data() + (first - first_);
  for (int i = 0; i < pieces; ++i) {
    const uint64_t moved = digits[i] << shift;
    const int64_t lower = int64_t(moved & kDigitMask), upper = int64_t(moved >> kDigitBits);
    chunk[i] += negative ? -lower : lower;
    chunk[i + 1] += negative ? -upper : upper;
  }
}

void ExactSum::Add(const ExactSum& other) {
  if (other.chunks_.empty()) return;
  Reserve(other.first_, other.first_ + int(other.chunks_.size()));
  if (pending_ + other.pending_ + 1 >= kMaxPending) Carry();
  pending_ += other.pending_ + 1;
  for (size_t i = 0; i < other.chunks_.size(); ++i) {
    chunks_[size_t(other.first_ - first_) + i] += other.chunks_[i];
  }
}

// Makes room for digits first .. last - 1.
void ExactSum::Reserve(int first, int last) {
  if (chunks_.empty()) first_ = first;
  if (first < first_) {
    chunks_.insert(chunks_.begin(), size_t(first_ - first), 0);
    first_ = first;
  }
  if (last > first_ + int(chunks_.size())) chunks_.resize(size_t(last - first_), 0);
}

// Brings every chunk but the last into 0 .. 2^32 - 1; the last keeps the sign.
void ExactSum::Carry() {
  pending_ = 0;
  for (size_t i = 0; i + 1 < chunks_.size(); ++i) {
    chunks_[i + 1] += chunks_[i] >> kDigitBits;
    chunks_[i] &= kDigitMask;
  }
  while (!chunks_.empty() && (chunks_.back() > kDigitMask || chunks_.back() < -kDigitMask)) {
    const int64_t carry = chunks_.back() >> kDigitBits;
    chunks_.back() &= kDigitMask;
    chunks_.push_back(carry);
  }
}

ExactSum::Digits ExactSum::ToDigits() const {
  ExactSum copy = *this;
  copy.Carry();
  Digits digits;
  digits.first_digit = copy.first_;
  if (!copy.chunks_.empty() && copy.chunks_.back() < 0) {
    digits.negative = true;
    for (int64_t& chunk : copy.chunks_) chunk = -chunk;
    copy.Carry();
  }
  for (int64_t chunk : copy.chunks_) digits.magnitude.push_back(uint32_t(chunk));
  while (!digits.magnitude.empty() && digits.magnitude.back() == 0) digits.magnitude.pop_back();
  return digits;
}

bool ExactSum::IsZero() const { return ToDigits().magnitude.empty(); }

double ExactSum::Rounded() const { return RoundRatio(Dyadic(*this), Dyadic(uint64_t{1})); }

std::string ExactSum::ToText(bool integer) const {
  const Dyadic value = Dyadic(*this).Reduced();
  if (value.IsZero()) return "0";
  if (integer && value.exponent() >= 0) {
    return value.mantissa().ShiftedLeft(value.exponent()).ToDecimal();
  }
  return value.mantissa().ToHex() + "p" + std::to_string(value.exponent());
}

Result<ExactSum> ExactSum::FromText(std::string_view text) {
  const auto bad = [&] {
    return Fail(ErrorCode::kCorrupt, "\"" + std::string(text.substr(0, 40)) +
                                         "\" is no exact sum (a decimal integer, or hexadecimal "
                                         "digits and a power of two such as 1a3p-52)");
  };
  BigInteger mantissa;
  int exponent = 0;
  if (text.size() > 2000) return bad();
  if (const size_t p = text.find('p'); p != std::string_view::npos) {
    const std::string_view power = text.substr(p + 1);
    const auto [end, error] = std::from_chars(power.begin(), power.end(), exponent);
    if (error != std::errc() || end != power.end()) return bad();
    if (exponent < -kMaxExponent || exponent > kMaxExponent) return bad();
    if (!BigInteger::FromHex(text.substr(0, p), &mantissa)) return bad();
  } else if (!BigInteger::FromDecimal(text, &mantissa)) {
    return bad();
  }
  if (mantissa.BitLength() + exponent > kMaxExponent) return bad();
  ExactSum sum;
  for (size_t i = 0; i < mantissa.digits().size(); ++i) {
    sum.AddScaled(0, mantissa.digits()[i], exponent + int(i) * kDigitBits, mantissa.negative());
  }
  sum.Carry();
  return sum;
}

}  // namespace imnorm
