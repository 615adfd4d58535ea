// What the layout of a horizontal pass and its kernels must agree on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "imnorm/geometry.h"
#include "kernels/target.h"

namespace imnorm::kernels {

// Units:    a block is 16 bytes, 4 lanes of 32 bits
// Shapes:   a step of dot products: shuffle, high, middle and low bytes of the weights, a vector
//           each; otherwise two halves, each of one pair of taps: shuffle, low and high 16 bits of
//           the weights. Short weights have no high part. Shuffle bytes of 0x80 and more give 0.
struct LaneShape {
  int blocks = 0;             // in a vector; 0: no vectors
  bool dot_products = false;  // 4 samples a lane and step by vpdpbusd, else 2 pairs by madd
  bool byte_windows = false;  // a shuffle of 64 or 128 bytes
  // Vectors of weights that go with a shuffle.
  constexpr size_t parts(bool is_short) const {
    return size_t(dot_products ? 3 : 2) - size_t(is_short);
  }
  constexpr size_t step_bytes(bool is_short) const {
    return size_t(blocks) * 16 * (1 + parts(is_short)) * (dot_products ? 1 : 2);
  }
};

constexpr LaneShape LaneShapeOf(Target target) {
  switch (target) {
    case kAvx3Dl:
      return {4, true, true};
    case kAvx3:
      return {4, false, false};
    case kAvx2:
      return {2, false, false};
    case kSse4:
    case kNeon:
      return {1, false, false};
    default:
      return {};
  }
}

// Three signed bytes hold a little less than 1 << 23, twice the weight 1.0.
constexpr int32_t kLargestWeight = 127 << 16;

// What a weight without a high part holds: all of torch's, but in two signed bytes not the topmost.
constexpr int32_t kLargestShort8 = 127 * 256 + 127;
constexpr int32_t kLargestShort16 = INT16_MAX;
inline bool AreShort(const int32_t* weights, size_t count, int precision, bool dot_products) {
  // Below 9 bits the rounding half has no place in the first of two steps by Horner's rule.
  const int32_t largest = dot_products ? kLargestShort8 : kLargestShort16;
  return precision >= 9 && std::all_of(weights, weights + count, [=](int32_t weight) {
           return weight >= INT16_MIN && weight <= largest;
         });
}

// Weights that are not short go into the 22 bits that the kernels then take for granted: the same
// product, shifted. False where that would not fit.
inline bool Widen(int32_t weight, int precision, int32_t* widened) {
  const int64_t wide =
      int64_t(weight) * (int64_t{1} << (AxisWeights::kPillowPrecision - precision));
  *widened = int32_t(wide);
  return wide >= -kLargestWeight && wide <= kLargestWeight;
}

// weight == high * 65536 + middle * 256 + low, each a signed byte: byte `tap` of three words.
inline void SplitWeight8(int32_t weight, int tap, uint32_t* high, uint32_t* middle, uint32_t* low) {
  const int32_t l = int8_t(weight);
  const int32_t m = int8_t((weight - l) >> 8);
  const int32_t h = (((weight - l) >> 8) - m) >> 8;
  *high |= uint32_t(uint8_t(h)) << (8 * tap);
  *middle |= uint32_t(uint8_t(m)) << (8 * tap);
  *low |= uint32_t(uint8_t(l)) << (8 * tap);
}

// weight == high * 65536 + low, each signed 16 bits: half `tap` of two words.
inline void SplitWeight16(int32_t weight, int tap, uint32_t* high, uint32_t* low) {
  const int32_t l = int16_t(weight);
  *high |= uint32_t(uint16_t((weight - l) >> 16)) << (16 * tap);
  *low |= uint32_t(uint16_t(l)) << (16 * tap);
}

// Rows shorter than the widest load are copied to this much first.
constexpr size_t kShortRow = 128;

}  // namespace imnorm::kernels
