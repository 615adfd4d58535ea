// DC scans of progressive files: a few bits a block, of all components in turn.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/jpeg/bit_source.h"
#include "decode/jpeg/tables.h"

namespace imnorm::jpeg {

// One block of a unit, and where it is in the next unit.
struct DcPlace {
  int16_t* coefficient = nullptr;  // of the first unit
  ptrdiff_t step = 0;
  const HuffmanTable* table = nullptr;
  uint32_t* predictor = nullptr;  // last DC of the component
};

// Decodes the DCs of some units, shifted by low_bits.
//
// Errors:   false: a code that does not exist, or a DC past 15 bits before or after the shift.
//           Running past the data is for the caller to see.
bool DecodeDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position);

// Reads one more bit for each of them.
void RefineDcs(const DcPlace* places, int count, int units, int low_bits, BitPosition& position);

// What a block can take of the stream at most: 16 bits of code and 11 of value.
inline constexpr size_t kDcBytes = 4;

}  // namespace imnorm::jpeg
