// What a BMP's headers say, checked before anything is allocated.
#pragma once

#include <array>
#include <cstdint>
#include <span>

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
  // Bytes of a row that is not run-length coded: whole words of 32 bits.
  uint64_t row_bytes() const { return (uint64_t(width) * uint64_t(bits) + 31) / 32 * 4; }
};

inline constexpr uint32_t kBmpRle4 = 2;
inline constexpr uint32_t kBmpBitfields = 3;

// Reads the headers.
//
// Rules:    what Pillow's BmpImagePlugin takes from them
// Errors:   kCorrupt: cut off; kUnsupported: depths, compressions and masks that it does not read,
//           and grey palettes that readers take in different ways
// Source:   Pillow 13.0, BmpImagePlugin.py
Result<BmpHeader> ParseBmpHeader(std::span<const uint8_t> bytes);

// The colours of a palette.
struct BmpPalette {
  std::array<uint8_t, 3> colors[256] = {};  // RGB; black where the file has none, as in Pillow
  bool gray = true;                         // every colour is a grey
};
BmpPalette ReadBmpPalette(std::span<const uint8_t> bytes, const BmpHeader& header);

}  // namespace imnorm
