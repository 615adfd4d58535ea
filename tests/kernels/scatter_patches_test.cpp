// Rows of patches, element by element against the order that they are defined by.
#include "kernels/scatter_patches.h"

#include <catch2/catch.hpp>
#include <vector>

namespace imnorm::kernels {
namespace {

// The number in its row of patches of the element that is (channel, y, x) of a picture in frame f.
size_t PlaceOf(const PatchScatter& p, size_t c, size_t f, size_t y, size_t x) {
  const size_t m = p.merge;
  const size_t down = y / p.size, across = x / p.size;
  // Blocks row by row, then patches row by row.
  size_t row = (down / m) * (p.columns / m) + across / m;
  row = (row * m + down % m) * m + across % m;
  const size_t line = y % p.size, column = x % p.size;
  const size_t in_row = p.channels_last ? ((line * p.size + column) * p.channels + c) * p.frames + f
                                        : ((c * p.frames + f) * p.size + line) * p.size + column;
  return row * p.channels * p.frames * p.size * p.size + in_row;
}

void Check(const PatchScatter& p, size_t rows) {
  const size_t width = p.columns * p.size, height = rows * p.size, bytes = p.element_bytes;
  const size_t elements = p.channels * p.frames * width * height;
  constexpr size_t kGuard = 16;
  std::vector<uint8_t> out(elements * bytes + kGuard, 0xee), expected = out;
  std::vector<uint8_t> values(p.channels * width * bytes);
  uint8_t next = 0;
  for (size_t y = 0; y < height; ++y) {
    for (uint8_t& value : values) value = next += 37;
    for (size_t c = 0; c < p.channels; ++c) {
      for (size_t x = 0; x < width; ++x) {
        const size_t from = p.channels_last ? x * p.channels + c : c * width + x;
        for (size_t f = 0; f < p.frames; ++f) {
          for (size_t b = 0; b < bytes; ++b) {
            expected[PlaceOf(p, c, f, y, x) * bytes + b] = values[from * bytes + b];
          }
        }
      }
    }
    ScatterPatchRow(p, y, values.data(), out.data());
  }
  CHECK(out == expected);
}

}  // namespace

TEST_CASE("patches have every value in its place, and nothing beyond", "[kernels]") {
  for (const bool last : {false, true}) {
    for (const size_t size : {1, 2, 3, 14, 16}) {
      for (const size_t merge : {1, 2, 3}) {
        for (const size_t frames : {1, 2, 3}) {
          for (const size_t bytes : {1, 2, 4}) {
            CAPTURE(last, size, merge, frames, bytes);
            Check({size, merge, frames, 2 * merge, 3, bytes, last}, merge);
            Check({size, merge, frames, merge, 1, bytes, last}, 3 * merge);
          }
        }
      }
    }
  }
}

}  // namespace imnorm::kernels
