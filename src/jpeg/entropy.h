// The Huffman loop: unstuffed bits -> coefficients of a few MCUs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "jpeg/tables.h"

namespace imnorm::jpeg {

inline constexpr int kMaxBlocksPerMcu = 6;
inline constexpr int kGroupMcus = 4;  // MCUs decoded and transformed together
inline constexpr int kGroupBlocks = kGroupMcus * kMaxBlocksPerMcu;

// What a group can read at most, sound or not: a symbol takes up to 16 bits of code and 11 of
// value, so a block less than 64 * 4 bytes; and 8 more, since bits are read 8 bytes at a time.
inline constexpr size_t kGroupBytes = size_t{kGroupBlocks} * 64 * 4 + 8;

// Coefficients of a group; the loop may write one place past a block.
inline constexpr size_t kGroupCoefficients = size_t{kGroupBlocks} * 64 + 64;

// One block of an MCU as the entropy loop sees it.
struct BlockTables {
  const uint64_t* dc;
  const uint64_t* ac;
  const LongCodes* dc_codes;
  const LongCodes* ac_codes;
  int component;
};

struct BitPosition {
  const uint8_t* bytes = nullptr;
  uint64_t bit = 0;
  uint32_t predictor[kMaxComponents] = {};  // last DC of each component
};

// Decodes `mcus` MCUs of `blocks` blocks each.
//
// Shapes:   at least kGroupBytes bytes from the position on may be read; coefficients
//           [mcus * blocks][64], zero on entry, in natural order, blocks in the order of
//           decoding; and one place more, which holds anything afterwards
// Rules:    bits of busy[component] are set where a block has more than its DC
// Errors:   false: a code that does not exist, an index past 63 or a DC past 15 bits; position
//           and coefficients are then meaningless. Running past the data is for the caller to see.
bool DecodeMcus(const BlockTables* plan, int blocks, int mcus, BitPosition& position,
                int16_t* coefficients, uint32_t* busy);

}  // namespace imnorm::jpeg
