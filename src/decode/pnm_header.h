// What the header of a PBM, PGM or PPM says.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/error.h"

namespace imnorm {

struct PnmHeader {
  int kind = 0;  // 1..6, as in P1..P6
  int64_t width = 0;
  int64_t height = 0;
  int maxval = 1;
  uint64_t pixel_offset = 0;

  bool bitmap() const { return kind == 1 || kind == 4; }
  bool plain() const { return kind <= 3; }
  int channels() const { return kind == 3 || kind == 6 ? 3 : 1; }
};

// Reads the header.
//
// Rules:    tokens end at white space, a comment goes from # to the end of the line; exactly one
//           character stands between the last token and binary samples
// Errors:   kCorrupt
Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> bytes);

}  // namespace imnorm
