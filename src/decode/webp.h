// WebP through libwebp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one WebP after another; the picture's buffer is kept.
class WebpDecoder : public PictureDecoder {
 public:
  // Decodes one file.
  //
  // Errors:   kCorrupt, kUnsupported (animations), kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  std::vector<uint8_t> pixels_;
  Delivery delivery_;
};

extern const Codec kWebpCodec;

}  // namespace imnorm
