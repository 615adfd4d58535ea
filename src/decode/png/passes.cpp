// Computes the rows and columns of Adam7's passes.
#include "decode/png/passes.h"

namespace imnorm::png {

std::span<const Pass> PassesOf(bool interlaced) {
  static constexpr Pass kPlain[] = {{0, 0, 1, 1}};
  static constexpr Pass kAdam7[] = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                    {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  if (interlaced) return kAdam7;
  return kPlain;
}

uint64_t StreamBytes(int width, int height, int bits_per_pixel, bool interlaced) {
  uint64_t bytes = 0;
  for (const Pass& pass : PassesOf(interlaced)) {
    const int pass_width = pass.Width(width);
    if (pass_width == 0) continue;
    bytes += uint64_t(pass.Height(height)) * (1 + RowBytes(pass_width, bits_per_pixel));
  }
  return bytes;
}

}  // namespace imnorm::png
