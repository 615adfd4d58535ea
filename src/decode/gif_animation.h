// The frames of a GIF behind the first, as Pillow draws them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/animation.h"
#include "decode/gif.h"

namespace imnorm {

// What the headers say of a frame behind the first.
//
// Errors:   kCorrupt, kUnsupported
Result<PictureInfo> ProbeGifFrame(std::span<const uint8_t> bytes, uint64_t frame);

// Rules:    a first frame without a palette stays grey for ever: later palettes are refused. Where
//           the first has a transparent index the canvas has alpha from then on
// Source:   Pillow's GifImageFile (_seek, load_prepare, load_end)
class GifAnimation : public Animation {
 public:
  Result<void> Next(std::span<const uint8_t> bytes, const DecodeOptions& options) override;

 private:
  void Dispose();
  void Grow(const GifHeader& header);
  void KeepForDisposal(const GifHeader& header);
  void Draw(const GifHeader& header);

  uint64_t frame_ = 0;    // the next
  bool gray_ = false;     // the first has no palette
  int transparent_ = -1;  // of the first
  GifCodes codes_;
  std::vector<uint8_t> indices_;
  // What the last frame's place looks like when it is gone; not there: it stays.
  Rect place_;
  std::vector<uint8_t> under_;
};

}  // namespace imnorm
