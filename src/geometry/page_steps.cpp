// Finds a page's margin, and turns pages.
#include "geometry/page_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <vector>

namespace imnorm {
namespace {

constexpr int kLevels = 256;

uint8_t GreyOf(const uint8_t* pixel) {
  const float red = float(pixel[0]) * 0.2989f;
  return uint8_t(std::fma(float(pixel[2]), 0.114f, std::fma(float(pixel[1]), 0.587f, red)));
}

uint8_t PillowGreyOf(const uint8_t* pixel) {
  return uint8_t((pixel[0] * 19595u + pixel[1] * 38470u + pixel[2] * 7471u + 0x8000u) >> 16);
}

template <typename Float>
std::array<bool, kLevels> DarkLevels(int low, int high) {
  std::array<bool, kLevels> dark = {};
  for (int level = low; level <= high; ++level) {
    dark[size_t(level)] = Float(level - low) / Float(high - low) * 255 < 200;
  }
  return dark;
}

}  // namespace

void CutMargin(Image& picture, bool by_pillow) {
  const auto width = size_t(picture.width);
  std::vector<uint8_t> grey(width * size_t(picture.height));
  const auto grey_of = by_pillow ? PillowGreyOf : GreyOf;
  for (size_t i = 0; i < grey.size(); ++i) grey[i] = grey_of(picture.pixels.data() + i * 3);
  const auto [low, high] = std::ranges::minmax(grey);
  if (low == high) return;
  const auto dark = by_pillow ? DarkLevels<double>(low, high) : DarkLevels<float>(low, high);
  int left = picture.width, right = 0, top = picture.height, bottom = 0;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (!dark[grey[size_t(y) * width + size_t(x)]]) continue;
      left = std::min(left, x);
      right = std::max(right, x + 1);
      top = std::min(top, y);
      bottom = y + 1;
    }
  }
  Image kept;
  kept.Reshape(right - left, bottom - top, picture.channels, picture.type);
  for (int y = top; y < bottom; ++y) {
    std::memcpy(kept.row(y - top), picture.row(y) + size_t(left) * 3, kept.stride_bytes());
  }
  picture = std::move(kept);
}

void TurnQuarter(Image& picture) {
  Image turned;
  turned.Reshape(picture.height, picture.width, picture.channels, picture.type);
  const size_t pixel = size_t(picture.channels) * ElementBytes(picture.type);
  for (int y = 0; y < picture.height; ++y) {
    const uint8_t* from = picture.row(y);
    const auto column = size_t(picture.height - 1 - y);
    for (int x = 0; x < picture.width; ++x, from += pixel) {
      std::memcpy(turned.row(x) + column * pixel, from, pixel);
    }
  }
  picture = std::move(turned);
}

}  // namespace imnorm
