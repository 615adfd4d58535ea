// A sum that never rounds: any number of doubles, integers and products of two of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// Adds finite numbers without error, so the result depends neither on their order nor on how they
// were split over threads or shards.
//
// Numbers:  exact over the whole range of double and of products of two doubles; one rounding, to
//           nearest even, in Rounded()
// Rules:    a window of 32-bit digits held in 64-bit chunks grows to the exponents seen: 24 to 40
//           bytes for integers, at most 1.1 KB. Carries wait in the upper halves for 2^29 additions
// Threads:  one writer
// Source:   R. M. Neal, "Fast exact summation using small and large superaccumulators" (2015)
class ExactSum {
 public:
  // Rules:  value is finite
  void Add(double value);
  void AddProduct(double a, double b);
  void Add(uint64_t value) { AddScaled(0, value, 0, false); }
  void AddProduct(uint64_t a, uint64_t b);
  void Add(const ExactSum& other);

  // Adds (high * 2^64 + low) * 2^exponent, or takes it away.
  //
  // Rules:  in the range of a sum of products of doubles
  void AddScaled(uint64_t high, uint64_t low, int exponent, bool negative);

  bool IsZero() const;
  double Rounded() const;

  // The value as a decimal integer if it is one and `integer` asks for it, else as an odd
  // hexadecimal integer and a power of two: "-1a3p-52" is -0x1a3 * 2^-52, and "0" is zero. Equal
  // values have equal texts.
  std::string ToText(bool integer) const;

  // Errors:  kCorrupt: neither of the two forms, or beyond the range of a sum
  static Result<ExactSum> FromText(std::string_view text);

  // The digits of |value|, least significant first, in units of 2^(32 * first_digit).
  struct Digits {
    bool negative = false;
    int first_digit = 0;
    std::vector<uint32_t> magnitude;
  };
  Digits ToDigits() const;

 private:
  void Reserve(int first, int last);
  void Carry();

  std::vector<int64_t> chunks_;  // value = sum of chunks_[i] * 2^(32 * (first_ + i))
  int first_ = 0;
  int pending_ = 0;  // additions since the last carry: |chunks_[i]| < (pending_ + 1) * 2^33
};

}  // namespace imnorm
