// TIFF through the TIFF module, by Pillow's rules.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"
#include "decode/modules/tiff_api.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one TIFF after another; the row buffer is kept.
//
// OpenCV is not asked: it takes damaged strips for good, premultiplies alpha, and rounds 16-bit
// samples otherwise than Pillow.
class TiffDecoder : public PictureDecoder {
 public:
  // Decodes the first page of a file, or the one that is asked for; fills in the report's notes.
  //
  // Rules:    grey, RGB, palette, CMYK and YCbCr of up to 8 bits, grey and RGB of 16, with or
  //           without alpha; everything else of 8 or 16 bits or float32 as bands, for
  //           DecodeChannels::kNative only
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  std::vector<uint8_t> row_;
  std::vector<uint8_t> narrow_;
  Delivery delivery_;
};

extern const Codec kTiffCodec;

}  // namespace imnorm
