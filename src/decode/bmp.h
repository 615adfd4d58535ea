// BMP, row by row.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/bmp_header.h"
#include "decode/bmp_rle.h"
#include "decode/codec.h"
#include "decode/delivery.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes one BMP after another; buffers are kept.
class BmpDecoder : public PictureDecoder {
 public:
  // Decodes one file.
  //
  // Rules:    1, 4, 8 (also run-length coded), 16 (555, 565), 24 and 32 bits, headers from OS/2's
  // 12
  //           bytes to V5. Values are Pillow's: 5 and 6 bits are v * 255 / 31 (63), truncated; the
  //           fourth byte of 32 bits is alpha only where bit fields say so; indices past the
  //           palette's end are black; run-length data that end before the picture are damage
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  Result<void> DeliverRuns(std::span<const uint8_t> bytes, const BmpHeader& header);
  Result<void> DeliverRows(std::span<const uint8_t> bytes, const BmpHeader& header);
  void ConvertRow(const BmpHeader& header, const uint8_t* in, uint8_t* out) const;
  void ColorRow(const uint8_t* indices, int64_t width, uint8_t* out) const;

  BmpPalette palette_;
  bool gray_ = false;
  std::vector<uint8_t> row_;      // as delivered
  std::vector<uint8_t> indices_;  // of a block of rows, run-length coded files only
  std::vector<BmpRleReader> blocks_;
  Delivery delivery_;
};

extern const Codec kBmpCodec;

}  // namespace imnorm
