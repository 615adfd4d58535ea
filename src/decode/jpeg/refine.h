// A scan that refines a band of AC coefficients by one bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/jpeg/band.h"
#include "decode/jpeg/bit_source.h"

namespace imnorm::jpeg {

// The masks of neighbouring blocks, as in ComponentRow.
struct RefinedMasks {
  uint64_t* nonzero = nullptr;
  uint64_t* negative = nullptr;
  uint64_t* plane = nullptr;  // of the bit that the scan brings
};

// Refines a band of `count` blocks: sets bits of the plane, and which coefficients became nonzero.
//
// Shapes:   at least kBandBytes bytes a block from the position on may be read
// Rules:    ended_blocks as DecodeBand's: those have bits for their nonzero coefficients only
// Errors:   false: a code that does not exist, or more zeros to pass than the band has. Running
// past
//           the data is for the caller to see.
bool RefineBand(const RefinedMasks& masks, int count, const Band& band, BitPosition& position,
                int64_t& ended_blocks);

// A new coefficient takes at most 16 bits of code and one of sign, an old one takes one bit.
static_assert(63 * 17 / 8 + 4 < kBandBytes);

}  // namespace imnorm::jpeg
