// Animations whose frames are drawn over one another, for those behind the first.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "decode/delivery.h"
#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/image.h"

namespace imnorm {

// What stands on the canvas: [height][width] pixels of red, green, blue and alpha.
struct FrameCanvas {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> pixels;

  void Reset(int to_width, int to_height);
  uint8_t* row(int x, int y) { return pixels.data() + (size_t(y) * size_t(width) + size_t(x)) * 4; }
  size_t row_bytes() const { return size_t(width) * 4; }
  void Fill(const Rect& place, const uint8_t (&color)[4]);
};

// One animation, frame after frame. The bytes are given anew each time, and are the same.
class Animation {
 public:
  virtual ~Animation() = default;

  // Draws the next frame over what the one before left.
  //
  // Errors:   kCorrupt (also where there is none), kUnsupported, kTooLarge, kCancelled
  virtual Result<void> Next(std::span<const uint8_t> bytes, const DecodeOptions& options) = 0;

  FrameCanvas& canvas() { return canvas_; }

 protected:
  FrameCanvas canvas_;
};

// Keeps the last animation, so that frames that are asked for in their order are drawn once.
class FramePlayer {
 public:
  // The canvas when a frame was drawn.
  //
  // Errors:   those of Next
  template <typename OneAnimation>
  Result<FrameCanvas*> Seek(std::span<const uint8_t> bytes, const DecodeOptions& options) {
    Recall(bytes, *options.frame);
    if (!animation_) animation_ = std::make_unique<OneAnimation>();
    return Play(bytes, options);
  }

 private:
  void Recall(std::span<const uint8_t> bytes, uint64_t frame);
  Result<FrameCanvas*> Play(std::span<const uint8_t> bytes, const DecodeOptions& options);

  std::unique_ptr<Animation> animation_;  // null where a frame could not be drawn
  std::vector<uint8_t> bytes_;            // of its file
  uint64_t played_ = 0;                   // frames
};

// Delivers a canvas as a picture of these channels and, where it has one, its alpha.
//
// Errors:   kCancelled, and the consumer's
Result<void> DeliverCanvas(FrameCanvas& canvas, const PictureInfo& picture,
                           const DecodeOptions& options, RowConsumer& consumer, Delivery& delivery);

}  // namespace imnorm
