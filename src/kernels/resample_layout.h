// What the layout of a horizontal pass and its kernels must agree on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/target.h"

namespace imnorm::kernels {

// Units:    a block is 16 bytes, 4 lanes of 32 bits
// Shapes:   a step of dot products: shuffle, high, middle and low bytes of the weights, a vector
//           each; otherwise, for 2 pairs of taps: shuffle, low and high 16 bits of the weights
struct LaneShape {
  int blocks = 0;             // in a vector; 0: no vectors
  bool dot_products = false;  // 4 samples a lane and step by vpdpbusd, else 2 pairs by madd
  bool byte_windows = false;  // a shuffle of 64 or 128 bytes
  size_t step_bytes() const { return size_t(blocks) * 16 * (dot_products ? 4 : 6); }
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

constexpr size_t kStepAlignment = 64;

// A byte index that every shuffle turns into 0, or that meets a weight of 0.
constexpr uint8_t kNoSample = 0x80;

// Three signed bytes hold a little less than 1 << 23, twice the weight 1.0.
constexpr int32_t kLargestWeight = 127 << 16;

// Rows shorter than the widest load are copied here first.
constexpr size_t kShortRow = 128;

}  // namespace imnorm::kernels
