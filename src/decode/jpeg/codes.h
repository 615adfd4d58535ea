// Canonical Huffman codes, searched by their length.
#pragma once

#include <cstdint>

#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// All codes of a table, for those that a lookup does not settle.
struct LongCodes {
  // Codes of `length` bits lie below limit[length - 1], aligned to 16 bits; grows with the length.
  int32_t limit[16];
  int32_t offset[16];  // index of a symbol = (code >> (16 - length)) + offset[length - 1]
  uint8_t symbols[256];
};

// Finds the codes of a table.
//
// Errors:   a reason: not a prefix code, or a code of ones only, which libjpeg-turbo also refuses
Reason FindCodes(const HuffmanSpec& spec, LongCodes& codes);

struct FoundCode {
  int symbol;  // -1: there is no such code
  int length;
};

// Searches for the code that begins `stream`, whose first 16 bits count.
FoundCode SearchCode(const LongCodes& codes, uint64_t stream);

// The `size` bits of value behind a code of `length` bits, as they stand.
inline int ValueBits(uint64_t stream, int length, int size) {
  return int(((stream << length) >> 1) >> (63 - size));
}

// The same as a coefficient or difference: those that begin with 0 are negative.
inline int SignedValue(uint64_t stream, int length, int size) {
  const bool negative = size > 0 && (stream << length) >> 63 == 0;
  return ValueBits(stream, length, size) + (negative ? 1 - (1 << size) : 0);
}

}  // namespace imnorm::jpeg
