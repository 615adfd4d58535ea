// Integers of any size, for the few operations that turn exact sums into rounded numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

__extension__ typedef unsigned __int128 Wide;

// A signed integer: a sign and 32-bit digits, least significant first, none of them a leading 0.
//
// Rules:    schoolbook arithmetic. It runs a few times a channel when totals become numbers, never
//           a picture, so clarity goes before speed
class BigInteger {
 public:
  BigInteger() = default;
  explicit BigInteger(uint64_t value) : BigInteger(Wide(value)) {}
  explicit BigInteger(Wide value);
  BigInteger(bool negative, std::vector<uint32_t> digits);

  bool negative() const { return negative_; }
  bool IsZero() const { return digits_.empty(); }
  const std::vector<uint32_t>& digits() const { return digits_; }
  int BitLength() const;
  int TrailingZeros() const;  // 0 for zero

  BigInteger operator-() const { return BigInteger(!negative_, digits_); }
  BigInteger operator+(const BigInteger& other) const;
  BigInteger operator-(const BigInteger& other) const { return *this + (-other); }
  BigInteger operator*(const BigInteger& other) const;
  BigInteger ShiftedLeft(int bits) const;
  BigInteger ShiftedRight(int bits) const;  // of the magnitude
  BigInteger Magnitude() const { return BigInteger(false, digits_); }
  bool operator==(const BigInteger& other) const = default;

  // In place, of magnitudes: the two steps of a division. The second needs magnitude >= other's.
  void Double();
  void Subtract(const BigInteger& other);

  // Compares magnitudes: negative, 0 or positive.
  static int CompareMagnitude(const BigInteger& a, const BigInteger& b);

  std::string ToDecimal() const;
  std::string ToHex() const;
  static bool FromDecimal(std::string_view text, BigInteger* value);
  static bool FromHex(std::string_view text, BigInteger* value);

 private:
  void Trim();
  void MultiplyAdd(uint32_t factor, uint32_t term);  // of the magnitude
  static bool FromDigits(std::string_view text, uint32_t base, BigInteger* value);

  bool negative_ = false;
  std::vector<uint32_t> digits_;
};

}  // namespace imnorm
