// QOI, the quite OK image format.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"

namespace imnorm {

class QoiDecoder : public PictureDecoder {
 public:
  // Decodes one file, row by row.
  //
  // Rules:    pixels are Pillow's; the end marker is not asked for, as there
  // Errors:   kCorrupt, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  std::vector<uint8_t> row_;
  Delivery delivery_;
};

extern const Codec kQoiCodec;

}  // namespace imnorm
