// What a BMP's headers say, checked before anything is allocated or loaded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

struct BmpHeader {
  int header_bytes = 0;  // of the information header: 12, 40, 52, 56, 64, 108 or 124
  int64_t width = 0;
  int64_t height = 0;  // without the sign that says which row comes first
  bool top_down = false;
  int bits = 0;
  uint32_t compression = 0;
  uint32_t masks[4] = {0, 0, 0, 0};  // red, green, blue, alpha; bit fields only
  uint64_t palette_offset = 0;
  uint32_t palette_size = 0;
  int palette_entry_bytes = 4;
  uint64_t pixel_offset = 0;

  bool has_palette() const { return bits <= 8; }
  bool run_length() const { return compression == 1 || compression == 2; }
};

inline constexpr uint32_t kBmpBitfields = 3;

// Reads the headers.
//
// Rules:    what Pillow's BmpImagePlugin takes from them, and header sizes 52 and 56 as well
// Errors:   kCorrupt: cut off; kUnsupported: depths, compressions and masks that nobody agrees on
Result<BmpHeader> ParseBmpHeader(std::span<const uint8_t> bytes);

// Writes the same picture with a 40-byte header and a full palette, where missing colours are the
// grey of their index, as in Pillow; OpenCV takes them for black, and trips over offsets that point
// at the palette.
void RebuildWithFullPalette(std::span<const uint8_t> bytes, const BmpHeader& header,
                            std::vector<uint8_t>& out);

}  // namespace imnorm
