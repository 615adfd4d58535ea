// First values and refined bits -> the coefficients that the inverse DCT takes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/jpeg/component_row.h"

namespace imnorm::jpeg {

// Marks the nonzero coefficients of some blocks, as ComponentRow's masks do, beside those that are
// marked already.
void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks);

// Refined bits of four blocks, from ComponentRow's arrays; all null where nothing is refined.
struct RefinedBits {
  const uint64_t* negative = nullptr;
  const uint64_t* plane[kMaxLowBits] = {};  // null: not refined
};

// Puts four blocks together.
//
// Shapes:   out i16 [4][64], aligned to 64 bytes, where CoefficientPlaces() says
// Numbers:  the magnitude of a coefficient is that of its first value plus its bits of the planes;
//           it is negative if its first value is, or its bit of the mask
void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out);

namespace reference {
void MarkNonzero(const ZigzagBlock* blocks, size_t count, uint64_t* masks);
// out in natural order.
void AssembleBlocks(const ZigzagBlock* blocks, const RefinedBits& bits, int16_t* out);
}  // namespace reference

}  // namespace imnorm::jpeg
