// BMP through the OpenCV module, with the header read first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one BMP after another; buffers are kept.
class BmpDecoder {
 public:
  // Decodes one file; fills in the report's size.
  //
  // Rules:    1, 4, 8 (also RLE), 16 (555, 565), 24 and 32 bits. What OpenCV reads otherwise than
  //           Pillow is made equal (palettes shorter than the pixels need, 16-bit scaling, the
  //           order of bit masks) or refused
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report);

 private:
  std::vector<uint8_t> rebuilt_;
  std::vector<uint8_t> row_;
  Delivery delivery_;
};

}  // namespace imnorm
