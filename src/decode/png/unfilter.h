// PNG's row filters undone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::png {

// UnfilterRows reads up to this many bytes behind `in`'s and `above`'s rows.
inline constexpr size_t kUnfilterSlack = 16;

// Rows as the stream has them.
//
// Shapes:   in u8 [rows][1 + stride], the first byte of each row its filter; above u8 [stride], the
//           row made before them, zeros before the first; out u8 [rows][stride]
struct FilteredRows {
  const uint8_t* in;
  int rows;
  size_t stride;    // a multiple of pixel_bytes
  int pixel_bytes;  // 1, 2, 3, 4, 6 or 8; 1 for samples of less than 8 bits
  const uint8_t* above;
  uint8_t* out;
};

// Undoes the filters of rows.
//
// Rules:    false where a filter is above 4: `out` is then of no use
// Source:   the PNG specification, section 9
bool UnfilterRows(const FilteredRows& job);

namespace reference {
bool UnfilterRows(const FilteredRows& job);
}  // namespace reference

}  // namespace imnorm::png
