// Arithmetic on integers of any size, limb by limb.
#include "statistics/big_integer.h"

#include <algorithm>
#include <bit>

namespace imnorm {
namespace {

using Digits = std::vector<uint32_t>;

int Compare(const Digits& a, const Digits& b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  for (size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

Digits Sum(const Digits& a, const Digits& b) {
  Digits out(std::max(a.size(), b.size()) + 1);
  uint64_t carry = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    carry += (i < a.size() ? a[i] : 0);
    carry += (i < b.size() ? b[i] : 0);
    out[i] = uint32_t(carry);
    carry >>= 32;
  }
  return out;
}

}  // namespace

BigInteger::BigInteger(Wide value) {
  for (; value != 0; value >>= 32) digits_.push_back(uint32_t(value));
}

BigInteger::BigInteger(bool negative, std::vector<uint32_t> digits)
    : negative_(negative), digits_(std::move(digits)) {
  Trim();
}

void BigInteger::Trim() {
  while (!digits_.empty() && digits_.back() == 0) digits_.pop_back();
  if (digits_.empty()) negative_ = false;
}

int BigInteger::BitLength() const {
  if (digits_.empty()) return 0;
  return int(digits_.size()) * 32 - std::countl_zero(digits_.back());
}

int BigInteger::TrailingZeros() const {
  for (size_t i = 0; i < digits_.size(); ++i) {
    if (digits_[i] != 0) return int(i) * 32 + std::countr_zero(digits_[i]);
  }
  return 0;
}

int BigInteger::CompareMagnitude(const BigInteger& a, const BigInteger& b) {
  return Compare(a.digits_, b.digits_);
}

BigInteger BigInteger::operator+(const BigInteger& other) const {
  if (negative_ == other.negative_) return BigInteger(negative_, Sum(digits_, other.digits_));
  const bool larger = Compare(digits_, other.digits_) >= 0;
  BigInteger out = larger ? *this : other;
  out.Subtract(larger ? other : *this);
  return out;
}

BigInteger BigInteger::operator*(const BigInteger& other) const {
  Digits out(digits_.size() + other.digits_.size());
  for (size_t i = 0; i < digits_.size(); ++i) {
    uint64_t carry = 0;
    for (size_t j = 0; j < other.digits_.size(); ++j) {
      carry += uint64_t(digits_[i]) * other.digits_[j] + out[i + j];
      out[i + j] = uint32_t(carry);
      carry >>= 32;
    }
    out[i + other.digits_.size()] = uint32_t(carry);
  }
  return BigInteger(negative_ != other.negative_, std::move(out));
}

BigInteger BigInteger::ShiftedLeft(int bits) const {
  const size_t whole = size_t(bits / 32);
  const int part = bits % 32;
  Digits out(whole + digits_.size() + 1);
  for (size_t i = 0; i < digits_.size(); ++i) {
    const uint64_t moved = uint64_t(digits_[i]) << part;
    out[whole + i] |= uint32_t(moved);
    out[whole + i + 1] = uint32_t(moved >> 32);
  }
  return BigInteger(negative_, std::move(out));
}

BigInteger BigInteger::ShiftedRight(int bits) const {
  const size_t whole = size_t(bits / 32);
  const int part = bits % 32;
  Digits out;
  for (size_t i = whole; i < digits_.size(); ++i) {
    const uint64_t upper = i + 1 < digits_.size() ? digits_[i + 1] : 0;
    out.push_back(uint32_t(((upper << 32) | digits_[i]) >> part));
  }
  return BigInteger(negative_, std::move(out));
}

void BigInteger::Double() {
  uint32_t carry = 0;
  for (uint32_t& digit : digits_) {
    const uint32_t top = digit >> 31;
    digit = digit << 1 | carry;
    carry = top;
  }
  if (carry != 0) digits_.push_back(carry);
}

void BigInteger::Subtract(const BigInteger& other) {
  int64_t borrow = 0;
  for (size_t i = 0; i < digits_.size(); ++i) {
    borrow += int64_t(digits_[i]) - (i < other.digits_.size() ? int64_t(other.digits_[i]) : 0);
    digits_[i] = uint32_t(borrow);
    borrow >>= 32;
  }
  Trim();
}

void BigInteger::MultiplyAdd(uint32_t factor, uint32_t term) {
  uint64_t carry = term;
  for (uint32_t& digit : digits_) {
    carry += uint64_t(digit) * factor;
    digit = uint32_t(carry);
    carry >>= 32;
  }
  if (carry != 0) digits_.push_back(uint32_t(carry));
}

std::string BigInteger::ToDecimal() const {
  if (IsZero()) return "0";
  std::string text;
  Digits rest = digits_;
  while (!rest.empty()) {
    uint64_t remainder = 0;
    for (size_t i = rest.size(); i-- > 0;) {
      remainder = (remainder << 32) | rest[i];
      rest[i] = uint32_t(remainder / 1000000000);
      remainder %= 1000000000;
    }
    while (!rest.empty() && rest.back() == 0) rest.pop_back();
    for (int i = 0; i < 9 && !(rest.empty() && remainder == 0); ++i, remainder /= 10) {
      text.push_back(char('0' + remainder % 10));
    }
  }
  if (negative_) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

std::string BigInteger::ToHex() const {
  if (IsZero()) return "0";
  std::string text;
  const int nibbles = (BitLength() + 3) / 4;
  for (int i = 0; i < nibbles; ++i) {
    text.push_back("0123456789abcdef"[(digits_[size_t(i / 8)] >> (i % 8 * 4)) & 15]);
  }
  if (negative_) text.push_back('-');
  std::reverse(text.begin(), text.end());
  return text;
}

bool BigInteger::FromDigits(std::string_view text, uint32_t base, BigInteger* value) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty()) return false;
  BigInteger out;
  for (char c : text) {
    const uint32_t digit = c >= '0' && c <= '9'   ? uint32_t(c - '0')
                           : c >= 'a' && c <= 'f' ? uint32_t(c - 'a' + 10)
                                                  : base;
    if (digit >= base) return false;
    out.MultiplyAdd(base, digit);
  }
  out.negative_ = negative;
  out.Trim();
  *value = std::move(out);
  return true;
}

bool BigInteger::FromDecimal(std::string_view text, BigInteger* value) {
  return FromDigits(text, 10, value);
}

bool BigInteger::FromHex(std::string_view text, BigInteger* value) {
  return FromDigits(text, 16, value);
}

}  // namespace imnorm
