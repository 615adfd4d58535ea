// Lookup tables that decode one or two Huffman symbols together with their values.
#pragma once

#include <cstdint>

#include "jpeg/markers.h"

namespace imnorm::jpeg {

// One lookup of `bits` stream bits decodes one symbol with its value, or two symbols where both
// fit. An entry, from its lowest bit:
//   0..7    stream bits to drop, at most 20; kLongCode: the code does not fit the table
//   8..15   advance of the zigzag index to the first coefficient; kEndOfBlock at a block's end
//   16..23  advance to the last coefficient of the entry
//   24..31  64 - bits - r, where r value bits lie beyond those looked at: shifting the stream
//           right by this (without the bits looked at) gives what is still to add to the value
//   32..47  first value (its r low bits zero), 48..63 second value
// A DC entry has one symbol, whose value is the difference.
inline constexpr uint32_t kLongCode = 0x80;
inline constexpr uint32_t kEndOfBlock = 128;
// Drops nothing and leads past the block: the loop needs no branch of its own for it.
inline constexpr uint64_t kLongEntry = kLongCode | 192u << 8 | 192u << 16;

// With 11 bits for AC the tables push planes and coefficients out of L1: 2 to 6% slower.
inline constexpr int kDcBits = 9;
inline constexpr int kAcBits = 10;

// The same code for searching length by length.
struct LongCodes {
  bool ac;
  uint32_t limit[18];  // codes of `length` bits lie below limit[length], aligned to 16 bits
  int32_t offset[17];  // index of a symbol = (code >> (16 - length)) + offset[length]
  uint8_t symbols[256];
};

template <int kBits>
struct HuffmanTable {
  uint64_t entries[1 << kBits];
  LongCodes codes;
  HuffmanSpec spec;  // what it was built from
};
using DcTable = HuffmanTable<kDcBits>;
using AcTable = HuffmanTable<kAcBits>;

// A symbol with its value.
struct Symbol {
  uint8_t advance;  // of the zigzag index; past kEndOfBlock: there is no such code
  uint8_t bits;     // of code and value
  int16_t value;
};

// Searches for the symbol that begins `stream` (its first 27 bits count); its code is known to
// have at least `length` bits.
Symbol SearchSymbol(const LongCodes& codes, uint64_t stream, int length);

// Builds a table, unless it was built from the same spec before.
//
// Errors:   a reason: not a prefix code, a code of ones only, or values past 8-bit baseline
//           (differences of more than 11 bits, coefficients of more than 10)
Reason BuildDcTable(const HuffmanSpec& spec, DcTable& table);
Reason BuildAcTable(const HuffmanSpec& spec, AcTable& table);

}  // namespace imnorm::jpeg
