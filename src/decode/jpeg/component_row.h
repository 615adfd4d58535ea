// One MCU row of a component while the scans of a progressive file come in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/jpeg/band_tables.h"
#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// A block's coefficients in zigzag order.
struct alignas(64) ZigzagBlock {
  int16_t at[64];
};

// What first scans and what refinement found, apart: refinement needs to know only which
// coefficients are nonzero, so it goes over masks and touches no coefficient.
//
// Shapes:   arrays [v][stride], blocks row by row
// Rules:    bit 63 - k of a mask belongs to coefficient k, so that the order of the stream is that
// of
//           the bits from the top: see refine.h
struct ComponentRow {
  int h = 1;
  int v = 1;
  int blocks_x = 0;  // blocks that hold samples of the picture
  int blocks_y = 0;
  int stride = 0;        // blocks of a row, whole groups
  bool refined = false;  // some scan refines AC coefficients
  std::vector<ZigzagBlock> blocks;
  std::vector<uint64_t> nonzero;
  std::vector<uint64_t> negative;            // of those that refinement made nonzero
  std::vector<uint64_t> plane[kMaxLowBits];  // bits of the magnitudes, the lowest ones first
  bool plane_used[kMaxLowBits] = {};

  // `planes`: a bit for each plane that some scan fills.
  void Start(const Header& header, int component, unsigned planes);
  void Clear();
};

}  // namespace imnorm::jpeg
