// How a PNG's rows stand in its stream: in one pass, or in the seven of an interlaced picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace imnorm::png {

// Every step_x-th pixel from x on of every step_y-th row from y on.
struct Pass {
  int x, y, step_x, step_y;

  // How many pixels and rows of a picture are in the pass; either may be 0.
  int Width(int width) const { return (width - x + step_x - 1) / step_x; }
  int Height(int height) const { return (height - y + step_y - 1) / step_y; }
};
std::span<const Pass> PassesOf(bool interlaced);

// Bytes of a row of pixels, without its filter.
inline size_t RowBytes(int width, int bits_per_pixel) {
  return (size_t(width) * size_t(bits_per_pixel) + 7) / 8;
}

// Bytes of a whole stream, filters and all.
uint64_t StreamBytes(int width, int height, int bits_per_pixel, bool interlaced);

}  // namespace imnorm::png
