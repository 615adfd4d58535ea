// WebP through libwebp.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/animation.h"
#include "decode/codec.h"
#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one WebP after another; the picture's buffer is kept. Of an animation: the first frame,
// on its canvas, or the one that is asked for.
class WebpDecoder : public PictureDecoder {
 public:
  // Decodes one file.
  //
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  Result<void> DecodeFirstFrame(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                bool alpha, const SourceInfo& canvas);

  std::vector<uint8_t> pixels_;
  Delivery delivery_;
  FramePlayer player_;
};

extern const Codec kWebpCodec;

}  // namespace imnorm
