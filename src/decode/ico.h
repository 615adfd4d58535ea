// ICO: the largest of the pictures that an icon file holds.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "decode/bmp.h"
#include "decode/codec.h"
#include "decode/delivery.h"

namespace imnorm {

// Decodes one file after another.
class IcoDecoder : public PictureDecoder {
 public:
  // Decodes the largest picture, of several of that size the first of the fewest bits.
  //
  // Rules:    a PNG inside is decoded as such; of a bitmap alpha is the fourth byte where the
  //           directory says 32 bits, else the mask that stands at its end
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  // Source:   Pillow 13.0, IcoImagePlugin.py
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  std::unique_ptr<PictureDecoder> png_;
  BmpDecoder bmp_;
  std::vector<uint8_t> bitmap_;
  std::vector<uint8_t> row_;
  Delivery delivery_;
};

extern const Codec kIcoCodec;

}  // namespace imnorm
