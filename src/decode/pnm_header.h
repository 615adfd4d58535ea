// What the header of a PBM, PGM, PPM, PAM or PFM says.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/error.h"

namespace imnorm {

struct PnmHeader {
  char kind = '0';  // as in P1 to P7, Pf and PF
  int64_t width = 0;
  int64_t height = 0;
  int channels = 1;
  bool has_alpha = false;
  int maxval = 1;
  bool little_endian = false;  // PFM only
  uint64_t pixel_offset = 0;

  bool bitmap() const { return kind == '1' || kind == '4'; }
  bool plain() const { return kind >= '1' && kind <= '3'; }
  bool floats() const { return kind == 'f' || kind == 'F'; }
  int sample_bytes() const { return floats() ? 4 : maxval > 255 ? 2 : 1; }
  uint64_t row_bytes() const {  // of binary files
    return kind == '4' ? (uint64_t(width) + 7) / 8
                       : uint64_t(width) * uint64_t(channels) * uint64_t(sample_bytes());
  }
};

// Reads the header.
//
// Rules:    tokens end at white space, a comment goes from # to the end of the line; exactly one
//           character stands between the last token and binary samples. A PAM's header is lines of
//           a word and a value, in any order, up to ENDHDR
// Errors:   kCorrupt; kUnsupported: a PAM of more than 4 channels
// Source:   Pillow 13.0, PpmImagePlugin.py; netpbm's pam(5) and pfm(5)
Result<PnmHeader> ParsePnmHeader(std::span<const uint8_t> bytes);

}  // namespace imnorm
