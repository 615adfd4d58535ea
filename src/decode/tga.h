// TGA, Truevision's format.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/codec.h"
#include "decode/delivery.h"

namespace imnorm {

// What the header says, and where the pixels are.
struct TgaHeader {
  int width = 0;
  int height = 0;
  int kind = 0;   // 1 palette, 2 colours, 3 grey
  int depth = 0;  // bits of a pixel in the file
  bool runs = false;
  bool top_down = false;
  bool right_to_left = false;
  bool opaque = false;  // the file says that its alpha means nothing
  int map_first = 0;
  int map_size = 0;
  int map_depth = 0;
  uint64_t map_at = 0;
  uint64_t data_at = 0;

  size_t pixel_bytes() const { return size_t(depth) / 8; }
};

class TgaDecoder : public PictureDecoder {
 public:
  // Decodes one file.
  //
  // Rules:    pixels are Pillow's, and turned as the header says; bits of 16 are scaled to bytes,
  //           their attribute bit is transparency
  // Errors:   kCorrupt, kUnsupported, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  Result<void> Expand(std::span<const uint8_t> data, const TgaHeader& header,
                      const DecodeOptions& options);
  bool Convert(const TgaHeader& header, const uint8_t* in, bool indices, size_t samples);

  std::vector<uint8_t> pixels_;  // of a file of runs, as it stands there
  std::vector<uint8_t> row_;
  std::array<std::array<uint8_t, 4>, 256> colors_ = {};
  Delivery delivery_;
};

extern const Codec kTgaCodec;

}  // namespace imnorm
