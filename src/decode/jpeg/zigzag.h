// Where the k-th coefficient of a block stands.
#pragma once

#include <cstdint>

namespace imnorm::jpeg {

// Zigzag index -> natural (row by row) index.
//
// Rules:    every index past the block leads to 64, one place behind it: a damaged stream runs
//           there and nowhere else, whatever index up to 255 it reaches
struct NaturalOrder {
  uint8_t at[256];
};

constexpr NaturalOrder MakeNaturalOrder() {
  NaturalOrder order{};
  int x = 0;
  int y = 0;
  for (int k = 0; k < 64; ++k) {
    order.at[k] = uint8_t(8 * y + x);
    const bool up = (x + y) % 2 == 0;
    if (up ? x == 7 : y == 7) {
      up ? ++y : ++x;
    } else if (up ? y == 0 : x == 0) {
      up ? ++x : ++y;
    } else {
      x += up ? 1 : -1;
      y += up ? -1 : 1;
    }
  }
  for (int k = 64; k < 256; ++k) order.at[k] = 64;
  return order;
}

inline constexpr NaturalOrder kNaturalOrder = MakeNaturalOrder();

// Whether the target being compiled keeps coefficients in zigzag order from the entropy loop to the
// inverse DCT: with AVX-512 two permutes a block undo it there, which is cheaper than a lookup for
// each coefficient. All others keep them in natural order.
#define IMNORM_JPEG_ZIGZAG (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)

}  // namespace imnorm::jpeg
