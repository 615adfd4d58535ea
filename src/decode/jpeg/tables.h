// Lookup tables that decode one or two Huffman symbols together with their values.
#pragma once

#include <cstdint>

#include "decode/jpeg/codes.h"
#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// With 11 bits the tables push planes and coefficients out of L1: 2 to 6% slower. DC and AC have
// the same form, so that the loop need not know into which of them it looks.
inline constexpr int kTableBits = 10;

// What kTableBits stream bits begin with: one symbol with its value, or two symbols where both fit.
// A DC symbol's value is the difference.
//
// Each field is a load of its own: they are as early as one load of all, and save the shifts.
struct alignas(8) Entry {
  uint8_t drop;    // stream bits, at most 21; or kLongCode: the code does not fit the table
  uint8_t first;   // advance of the zigzag index to the first coefficient; where the block ends, to
                   // a place behind the last one, with the value 0
  uint8_t last;    // advance to the last coefficient of the entry
  uint8_t shift;   // 64 - kTableBits - r, where r value bits lie beyond those looked at: shifting
                   // the stream right by this (without the bits looked at) gives what is still to
                   // add to the value; kEndsBlock is added where the block ends
  int16_t value;   // its r low bits zero
  int16_t second;  // value of the second symbol
};
inline constexpr uint8_t kLongCode = 64;
inline constexpr uint8_t kEndsBlock = 128;

// Drops nothing and writes a zero where one stands already.
inline constexpr Entry kLongEntry = {kLongCode, 1, 1, 64 - kTableBits, 0, 0};

// What a symbol stands for in the entries of a table.
struct SymbolForm {
  int size = 0;  // bits of the value behind its code
  bool is_signed = true;
  int base = 0;       // added to the value
  uint8_t first = 1;  // as in Entry
  uint8_t last = 1;
  uint8_t flags = 0;  // in Entry::shift
};

// Fills a table with single symbols.
void FillEntries(const HuffmanSpec& spec, SymbolForm (*form_of)(int symbol),
                 Entry (&entries)[1 << kTableBits]);

struct HuffmanTable {
  Entry entries[1 << kTableBits];
  LongCodes codes;
  bool ac;
  HuffmanSpec spec;  // what it was built from
};

// A symbol with its value.
struct Symbol {
  uint8_t advance;  // of the zigzag index; kEndOfBlock, or kNoSuchCode
  uint8_t bits;     // of code and value
  int16_t value;
};
inline constexpr int kEndOfBlock = 128;
inline constexpr int kNoSuchCode = 255;

// Searches for the symbol that begins `stream`, whose first 27 bits count.
Symbol SearchSymbol(const HuffmanTable& table, uint64_t stream);

// Builds a table, unless it was built from the same spec before.
//
// Errors:   a reason: not a prefix code, a code of ones only, or values past 8-bit baseline
//           (differences of more than 11 bits, coefficients of more than 10)
Reason BuildDcTable(const HuffmanSpec& spec, HuffmanTable& table);
Reason BuildAcTable(const HuffmanSpec& spec, HuffmanTable& table);

}  // namespace imnorm::jpeg
