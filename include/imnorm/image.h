// A decoded picture: interleaved samples in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "imnorm/element_type.h"

namespace imnorm {

// Part of a picture, in pixels.
struct Rect {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  bool operator==(const Rect&) const = default;
};

// An interleaved (HWC) picture that owns its samples.
//
// Shapes:   pixels [height][width][channels], rows stride_bytes() apart, no padding
// Units:    samples in 0..255 (kU8), 0..65535 (kU16) or as stored (kF32), native byte order
struct Image {
  int width = 0;
  int height = 0;
  int channels = 0;
  ElementType type = ElementType::kU8;
  std::vector<uint8_t> pixels;

  size_t stride_bytes() const { return size_t(width) * size_t(channels) * ElementBytes(type); }
  const uint8_t* row(int y) const { return pixels.data() + size_t(y) * stride_bytes(); }
  uint8_t* row(int y) { return pixels.data() + size_t(y) * stride_bytes(); }

  // Gives the picture a new shape; capacity is kept, contents are unspecified.
  void Reshape(int new_width, int new_height, int new_channels, ElementType new_type) {
    width = new_width;
    height = new_height;
    channels = new_channels;
    type = new_type;
    pixels.resize(stride_bytes() * size_t(height));
  }
};

}  // namespace imnorm
