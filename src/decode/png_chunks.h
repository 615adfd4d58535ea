// A PNG without the chunks that its pixels do not need.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imnorm/error.h"

namespace imnorm {

struct PngChunks {
  std::span<const uint8_t> bytes;  // a PNG: the file itself, or a copy in the storage given
  bool animated = false;
};

// Leaves out text, profiles, animation frames and everything else but IHDR, PLTE, tRNS, IDAT and
// IEND: libspng would inflate and keep it, and refuse files with more than a thousand such chunks.
//
// Rules:    a chunk that runs past the end is left for libspng to complain of
// Errors:   kCorrupt: a checksum of a chunk that is left out does not hold; kUnsupported: a whole
//           chunk that a reader must know and does not, CgBI among them
Result<PngChunks> KeepPixelChunks(std::span<const uint8_t> bytes, std::vector<uint8_t>& storage);

}  // namespace imnorm
