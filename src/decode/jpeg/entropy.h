// The Huffman loop: unstuffed bits -> coefficients of a few MCUs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/jpeg/bit_source.h"
#include "decode/jpeg/tables.h"

namespace imnorm::jpeg {

inline constexpr int kGroupBlocks = kGroupMcus * kMaxBlocksPerMcu;

// What a group can read at most, sound or not: a symbol takes up to 16 bits of code and 11 of
// value, so a block less than 64 * 4 bytes; and 8 more, since bits are read 8 bytes at a time.
inline constexpr size_t kGroupBytes = size_t{kGroupBlocks} * 64 * 4 + 8;

// One block: its coefficients, and what the entropy loop needs to go through it and on to the next
// one, side by side, so that one pointer leads the loop through all of it.
struct alignas(64) Block {
  // In the order of the active target (IMNORM_JPEG_ZIGZAG). What lies past 63 takes what a damaged
  // stream writes there: the loop looks at the index only after a lookup of at most 2 * 16.
  int16_t coefficients[64 + 32];
  const HuffmanTable* ac;       // this block's
  const HuffmanTable* dc;       // this block's
  const HuffmanTable* next_dc;  // of the block that follows
  int component;
};

// Decodes the blocks from `block` to before `end`; each coefficients[0] is the difference from
// the DC of the component's block before.
//
// Shapes:   at least kGroupBytes bytes from the position on may be read
// Errors:   false: a code that does not exist or an index past 63; position and coefficients are
//           then meaningless. Running past the data is for the caller to see.
bool DecodeBlocks(Block* block, const Block* end, BitPosition& position);

}  // namespace imnorm::jpeg
