// Exact dataset statistics: integer sums a picture, wide totals, numbers rounded once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

// One picture's sums over the pixels that count.
//
// Shapes:   sum, sum_squares, min, max one a channel; cross one a pair c1 < c2, in the order
//           (0,1) (0,2) ... (1,2) ...; histogram empty or [channels][levels]
// Numbers:  exact; a u64 holds 2.8e14 8-bit pixels, 4.2e9 16-bit ones (max_pixels is below both)
struct PictureSums {
  int width = 0;
  int height = 0;
  int channels = 0;
  int levels = 256;  // 256 or 65536
  uint64_t pixels = 0;
  std::vector<uint64_t> sum;
  std::vector<uint64_t> sum_squares;
  std::vector<uint64_t> cross;
  std::vector<uint32_t> min;
  std::vector<uint32_t> max;
  std::vector<uint64_t> histogram;
};

}  // namespace imnorm
