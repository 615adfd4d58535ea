// PBM, PGM, PPM (P1 to P6), PAM and PFM, row by row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"
#include "decode/pnm_header.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one PNM after another; buffers are kept.
class PnmDecoder : public PictureDecoder {
 public:
  // Decodes one file; fills in the report's notes.
  //
  // Rules:    samples are scaled from 0..maxval to 0..255 as Pillow does it, and clipped in binary
  //           files; grey of more than 8 bits goes to 0..65535 and keeps its high byte at depth 8.
  //           A PAM of two or four channels has alpha in the last. A PFM's floats are bands
  // Errors:   kCorrupt, kTooLarge, kUnsupported, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  Result<void> DeliverPlain(std::span<const uint8_t> bytes, const PnmHeader& header);
  // These say whether the run goes on.
  bool DeliverBinary(const uint8_t* pixels, const PnmHeader& header);
  bool DeliverFloats(const uint8_t* pixels, const PnmHeader& header);
  bool DeliverScaled();  // row_

  bool wide_ = false;            // 16-bit samples are delivered
  std::vector<uint16_t> scale_;  // a sample of the file -> one of the output
  std::vector<uint16_t> row_;
  std::vector<uint8_t> narrow_;
  std::vector<float> floats_;
  Delivery delivery_;
};

extern const Codec kPnmCodec;

}  // namespace imnorm
