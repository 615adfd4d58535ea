// float32 <-> 16-bit floats in integers: F16C is not on every CPU, and the bytes must be.
#include <bit>
#include <cmath>

#include "imnorm/values.h"

namespace imnorm {
namespace {

// Shifts right by `shift` (1..31) with round to nearest, ties to even.
uint32_t ShiftRounded(uint32_t value, int shift) {
  const uint32_t kept = value >> shift;
  const uint32_t lost = value & ((1u << shift) - 1);
  const uint32_t half = 1u << (shift - 1);
  return kept + uint32_t(lost > half || (lost == half && (kept & 1)));
}

}  // namespace

uint16_t Float16Bits(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  const uint16_t sign = uint16_t((bits >> 16) & 0x8000u);
  const uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return uint16_t(sign | 0x7e00u);   // NaN stays one, quiet
  if (magnitude >= 0x477ff000u) return uint16_t(sign | 0x7c00u);  // 65520 and above: infinity
  if (magnitude >= 0x38800000u) {  // 2^-14 and above: normal; a carry moves into the exponent
    return uint16_t(sign | ShiftRounded(magnitude - 0x38000000u, 13));
  }
  if (magnitude <= 0x33000000u) return sign;  // 2^-25 and below: half the smallest, ties to 0
  // Subnormal: the significand with its hidden bit, in units of 2^-24.
  const uint32_t significand = (magnitude & 0x7fffffu) | 0x800000u;
  return uint16_t(sign | ShiftRounded(significand, 126 - int(magnitude >> 23)));
}

uint16_t BFloat16Bits(float value) {
  const uint32_t bits = std::bit_cast<uint32_t>(value);
  if (std::isnan(value))
    return uint16_t((bits >> 16) | 0x0040u);  // rounding could make it infinite
  return uint16_t(ShiftRounded(bits, 16));
}

float FloatFromFloat16Bits(uint16_t bits) {
  const uint32_t sign = uint32_t(bits & 0x8000u) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1fu;
  const uint32_t fraction = bits & 0x3ffu;
  if (exponent == 0) {
    const float magnitude = std::ldexp(float(fraction), -24);  // exact
    return sign ? -magnitude : magnitude;
  }
  const uint32_t widened = exponent == 31 ? 0xffu : exponent + 112;
  return std::bit_cast<float>(sign | (widened << 23) | (fraction << 13));
}

float FloatFromBFloat16Bits(uint16_t bits) { return std::bit_cast<float>(uint32_t(bits) << 16); }

}  // namespace imnorm
