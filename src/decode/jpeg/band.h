// The first scan of a band of AC coefficients.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/jpeg/band_tables.h"
#include "decode/jpeg/bit_source.h"
#include "decode/jpeg/component_row.h"

namespace imnorm::jpeg {

// Which coefficients a scan brings, and how.
struct Band {
  int begin_k = 1;
  int last_k = 63;
  int low_bits = 0;
  const HuffmanTable* table = nullptr;
};

// Decodes a band of the blocks from `block` to before `end`, whose coefficients there are zero.
//
// Shapes:   at least kBandBytes bytes a block from the position on, and one block behind the last,
//           may be read and written
// Rules:    ended_blocks are the blocks from the next one on that have nothing in this band; the
//           scan carries them from call to call
// Errors:   false: a code that does not exist, or an index past the band. Running past the data is
//           for the caller to see.
bool DecodeBand(ZigzagBlock* block, ZigzagBlock* end, const Band& band, BitPosition& position,
                int64_t& ended_blocks);

// What a block can take of the stream at most, sound or not: 63 coefficients of 16 bits of code and
// 10 of value, or 14 bits that count ended blocks.
inline constexpr size_t kBandBytes = 63 * 26 / 8 + 4;

}  // namespace imnorm::jpeg
