// PNG through libspng: the judge of every PNG file.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one PNG after another; buffers are kept.
class SpngDecoder {
 public:
  // Decodes one file; fills in the report's notes.
  //
  // Rules:    a checksum that does not hold is damage, in any chunk; of an animated PNG the default
  //           image is read, and a note says so. The stream of pixels is followed to its end, which
  //           libspng does not: damage there, or no checksum, is damage; more pixels than the
  //           picture has, under a right checksum, or bytes behind it make a note
  // Errors:   kCorrupt, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report);

 private:
  std::vector<uint8_t> kept_;
  std::vector<uint8_t> rows_;
  std::vector<uint8_t> unpacked_;
  Delivery delivery_;
};

const char* SpngVersion();

}  // namespace imnorm
