// The frames of an animated PNG behind the first, as Pillow draws them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "decode/animation.h"
#include "decode/codec.h"

namespace imnorm {

// How many frames there are: those of the animation and, where it is none of them, the default
// image, which comes first.
uint64_t FramesOfPng(std::span<const uint8_t> bytes);

// Rules:    colours of a palette are blended, not its indices; samples of 16 bits keep their high
//           byte
// Source:   Pillow's PngImageFile (_seek, load_end), the PNG specification, third edition
class PngAnimation : public Animation {
 public:
  // `of_files` decodes whole PNG files.
  explicit PngAnimation(std::unique_ptr<PictureDecoder> of_files) : files_(std::move(of_files)) {}
  PngAnimation();

  Result<void> Next(std::span<const uint8_t> bytes, const DecodeOptions& options) override;

 private:
  struct Frame {
    Rect place;
    int disposal = 0;
    int blend = 0;
  };
  Result<Frame> FileOf(std::span<const uint8_t> bytes);  // the next frame as a PNG in file_
  Result<void> DecodeFile(std::span<const uint8_t> file, const Rect& place,
                          const DecodeOptions& options);
  void Dispose();
  void Draw(const Frame& frame);

  std::unique_ptr<PictureDecoder> files_;
  uint64_t number_ = 0;  // the next
  Frame before_;
  std::vector<uint8_t> file_;
  std::vector<uint8_t> pixels_;  // of the frame
  std::vector<uint8_t> under_;   // what the frame before has hidden
  uint8_t clear_[4] = {};        // what stands where a frame was taken away
};

}  // namespace imnorm
