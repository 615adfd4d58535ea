// What a JPEG 2000 file says before its data.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/error.h"

namespace imnorm {

enum class Jpeg2000Colors { kUnknown, kRgb, kGray, kCmyk };

// The main header of a codestream, and what the file around it says of its samples.
struct Jpeg2000Header {
  int64_t width = 0;
  int64_t height = 0;
  int components = 0;
  int bits = 0;  // the most that a component has
  bool has_profile = false;
  std::span<const uint8_t> profile;
  Jpeg2000Colors colors = Jpeg2000Colors::kUnknown;
  uint64_t tiles = 0;
  uint64_t tile_width = 0;  // of the largest one
  uint64_t tile_height = 0;
  // How many a component of a tile has at most, by any of the headers.
  uint64_t blocks = 0;
  uint64_t precincts = 0;
};

// Whether bytes begin as a .jp2 or as a bare codestream.
bool IsJpeg2000(std::span<const uint8_t> bytes);

// Reads the headers, those of tile parts included.
//
// Errors:   kCorrupt; kUnsupported: what Pillow does not read (more than four components,
//           subsampled ones), palettes, YCC colours, channels in another order, more than 16 bits
Result<Jpeg2000Header> ReadJpeg2000Header(std::span<const uint8_t> bytes);

}  // namespace imnorm
