// WebP through libwebp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one WebP after another; the picture's buffer is kept. Of an animation: the first frame,
// on its canvas.
class WebpDecoder : public PictureDecoder {
 public:
  // Decodes one file.
  //
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  // Decodes a still picture, or the chunks of a frame, to `out` inside pixels_ of canvas' stride.
  Result<void> DecodePixels(std::span<const uint8_t> chunks, const DecodeOptions& options,
                            bool alpha, uint8_t* out, const SourceInfo& canvas);
  Result<void> DecodeFirstFrame(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                bool alpha, const SourceInfo& canvas);

  std::vector<uint8_t> pixels_;
  Delivery delivery_;
};

extern const Codec kWebpCodec;

}  // namespace imnorm
