// Our JPEG decoder beside libjpeg-turbo, on one file.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string>

#include "decode/jpeg/jpeg.h"
#include "imnorm/rows.h"
#include "support/jpeg_judge.h"

namespace imnorm::jpeg_judge {

// Keeps the rows of a window (by default of all) and whether they came as promised.
class PictureConsumer : public RowConsumer {
 public:
  PictureConsumer() = default;
  explicit PictureConsumer(const Rect& wanted) : window(wanted) {}

  Result<Rect> Begin(const ImageInfo& announced) override {
    info = announced;
    if (window.width == 0) window = {0, 0, info.width, info.height};
    picture.Reshape(window.width, window.height, info.channels, info.type);
    next_row = window.y;
    in_order = true;
    return window;
  }
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    in_order = in_order && y == next_row && y + count <= window.y + window.height;
    if (!in_order) return;
    for (int i = 0; i < count; ++i) {
      std::memcpy(picture.row(y - window.y + i), rows + size_t(i) * stride_bytes,
                  picture.stride_bytes());
    }
    next_row = y + count;
  }
  bool complete() const { return in_order && next_row == window.y + window.height; }

  Rect window;
  ImageInfo info;
  Image picture;
  int next_row = 0;
  bool in_order = false;
};

inline constexpr int64_t kManyPixels = int64_t{64} << 20;

// What a comparison found: an empty complaint means that the decoder kept its promise.
struct Comparison {
  bool fast = false;      // the decoder said done
  std::string complaint;  // done, but libjpeg-turbo says otherwise or has other bytes
  std::string fallback;   // why not fast
};
Comparison Compare(jpeg::Decoder& decoder, std::span<const uint8_t> bytes,
                   int64_t max_pixels = kManyPixels);

}  // namespace imnorm::jpeg_judge
