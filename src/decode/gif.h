// The first frame of a GIF.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/animation.h"
#include "decode/codec.h"
#include "decode/delivery.h"

namespace imnorm {

// What a GIF says up to the data of a frame.
struct GifHeader {
  int width = 0;  // of the canvas, which a frame beyond it makes larger
  int height = 0;
  Rect frame;
  bool interlaced = false;
  std::array<std::array<uint8_t, 3>, 256> colors = {};  // black where the palette has none
  bool gray = true;                                     // every colour is a grey
  bool ambiguous = false;  // a ramp of greys for the frame, beside a palette for the file
  int palette_bits = 0;    // 0: without a palette an index is a grey
  int transparent = -1;
  int code_bits = 0;     // of the smallest LZW codes, without those that clear and end
  uint64_t data_at = 0;  // where the sub-blocks of codes begin
  uint64_t frames = 0;   // of the whole file, as far as it can be walked
  // What becomes of the frame before the next is drawn; each that says nothing does as the last.
  int disposal = 0;
  int background = 0;  // an index
};

// Reads a GIF up to the data of a frame.
//
// Errors:   kCorrupt, kUnsupported
Result<GifHeader> ParseGif(std::span<const uint8_t> bytes, uint64_t frame = 0);

// Indices out of a chain of sub-blocks of LZW codes.
class GifCodes {
 public:
  void Start(std::span<const uint8_t> bytes, uint64_t at, int code_bits);

  // Reads the next `count` indices; false where the codes end before, or make no sense.
  bool Read(uint8_t* out, size_t count);

 private:
  static constexpr int kMostCodes = 4096;

  int NextCode();  // -1: the data end
  bool Expand(int code);
  void Clear();

  std::span<const uint8_t> bytes_;
  uint64_t at_ = 0;
  int block_left_ = 0;
  uint32_t bits_ = 0;
  int bit_count_ = 0;
  int clear_ = 0;  // the code that clears; the one that ends follows it
  int code_bits_ = 0;
  int next_ = 0;  // the entry that the next code will make
  int last_ = -1;
  uint8_t last_first_ = 0;  // the first index of the last code's string
  std::array<uint16_t, kMostCodes> prefix_;
  std::array<uint8_t, kMostCodes> index_;
  // A code's string is found from its end: it fills this buffer from the end on.
  std::array<uint8_t, kMostCodes + 1> pending_;
  size_t pending_at_ = kMostCodes + 1;
};

// Reads all indices of a frame, interlaced or not.
//
// Errors:   kCorrupt, kCancelled
Result<void> ReadGifFrame(std::span<const uint8_t> bytes, const GifHeader& header,
                          const DecodeOptions& options, GifCodes& codes,
                          std::vector<uint8_t>& indices);

class GifDecoder : public PictureDecoder {
 public:
  // Decodes the first frame of one file, or the one that is asked for; fills in the report's notes.
  //
  // Rules:    what stands outside of the frame has the transparent index, or else index 0, as in
  //           Pillow; a transparent index is alpha. Frames behind the first are not looked at
  // Errors:   kCorrupt, kTooLarge, and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  void Convert(const GifHeader& header, PixelKind kind, bool indices);  // canvas_ -> row_

  GifCodes codes_;
  std::vector<uint8_t> frame_;   // the indices of an interlaced frame
  std::vector<uint8_t> canvas_;  // the indices of one row
  std::vector<uint8_t> row_;
  Delivery delivery_;
  FramePlayer player_;
};

extern const Codec kGifCodec;

}  // namespace imnorm
