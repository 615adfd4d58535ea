// What libspng does not look at: how the stream of a picture goes on behind its last row.
#pragma once

#include <cstdint>
#include <span>

#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm::png {

struct Ending {
  bool longer = false;    // the stream gives more bytes than the picture has
  bool trailing = false;  // the chunks hold more than the stream
};

// Inflates the IDAT chunks of a file with zlib, to their end. Libspng stops after the last row: it
// sees neither the checksum of a stream that is longer than its picture, in which a damaged one may
// have come out, nor that there is none.
//
// Rules:    `file` is a PNG that libspng has read
// Errors:   kCorrupt: the stream is damaged, does not end, or its checksum does not hold;
//           kCancelled
Result<Ending> CheckEnding(std::span<const uint8_t> file, uint64_t picture_bytes, const Stop& stop);

}  // namespace imnorm::png
