// The inner loop of inflate: symbols of one block -> bytes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::png {

// DecodeSymbols reads less than this behind `in_stop` and writes less than this behind `limit`.
inline constexpr size_t kSymbolInputSlack = 24;
inline constexpr size_t kSymbolOutputSlack = 320;

enum class SymbolsEnd { kOutputFull, kInputSpent, kBlockEnd, kBad };

// Where a block's decoding stands.
struct SymbolState {
  const uint8_t* in;       // the next byte that is not in `bits`
  const uint8_t* in_stop;  // beyond it nothing more is decoded
  uint64_t bits;           // of the stream, the next in the lowest
  uint32_t count;          // how many
  uint8_t* out;
  uint8_t* limit;         // at or beyond it nothing more is decoded
  const uint8_t* oldest;  // the first byte that a match may name
};

// Decodes until the block ends, `out` is at its limit or `in` beyond its stop.
//
// Shapes:   tables as huffman.h builds them
// Rules:    a match that reaches before `oldest`, and a code that has no meaning, are kBad; bytes
//           behind `out` may have been written
SymbolsEnd DecodeSymbols(SymbolState* state, const uint32_t* literals, const uint32_t* distances);

}  // namespace imnorm::png
