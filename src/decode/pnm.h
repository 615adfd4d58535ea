// PBM, PGM and PPM (P1 to P6) through the OpenCV module, with the header read first.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one PNM after another; buffers are kept.
class PnmDecoder {
 public:
  // Decodes one file; fills in the report's size and notes.
  //
  // Rules:    samples are scaled from 0..maxval to 0..255 as Pillow does it; grey of more than 8
  // bits
  //           goes to 0..65535 and keeps its high byte at depth 8
  // Errors:   kCorrupt, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report);

 private:
  std::vector<uint8_t> rebuilt_;
  std::vector<uint16_t> row_;
  Delivery delivery_;
};

}  // namespace imnorm
