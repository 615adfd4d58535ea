// Lookup tables for the AC scans of a progressive file: bands of coefficients, and their
// refinement.
#pragma once

#include <cstdint>

#include "decode/jpeg/tables.h"

namespace imnorm::jpeg {

// A coefficient's bits below this one come, if at all, by refinement: three planes of bits.
inline constexpr int kMaxLowBits = 3;

// An entry of these tables that ends a block has this flag in Entry::shift if it holds nothing but
// that end: its value is then the number of blocks that end. kEndsBlock is set as well.
inline constexpr uint8_t kLoneEnd = 64;

// Whether a symbol ends blocks: a zero size with any run but 15.
inline bool EndsBlocks(int symbol) { return (symbol & 15) == 0 && symbol != 0xf0; }

// Builds the table for the first scan of a band. Bands that end with coefficient 63 get two symbols
// an entry: the second one's value is shifted by `low_bits` already. Other bands get one symbol an
// entry: whether a second one belongs to the block depends on the first one's place.
//
// Errors:   a reason, as BuildAcTable
Reason BuildBandTable(const HuffmanSpec& spec, bool to_63, int low_bits, HuffmanTable& table);

// Builds the table for a scan that refines a band. An entry's fields mean:
//   first   zero coefficients to pass
//   last    1 if the next zero coefficient becomes one of magnitude 1, else 0
//   second  -1 if that one is negative, else 0
//   value   blocks that end, where kEndsBlock is set
//
// Errors:   a reason: as above, or a new coefficient of more than one bit, which libjpeg warns of
Reason BuildRefinementTable(const HuffmanSpec& spec, HuffmanTable& table);

}  // namespace imnorm::jpeg
