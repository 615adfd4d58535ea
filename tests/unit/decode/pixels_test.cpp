#include "decode/pixels.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

TEST_CASE("grey of colours is Pillow's rounding, and grey of greys is itself", "[decode]") {
  PixelTarget target;
  target.colors = 1;
  for (int v = 0; v < 256; ++v) {
    const uint8_t in[3] = {uint8_t(v), uint8_t(v), uint8_t(v)};
    uint8_t out = 0;
    ConvertRow(PixelKind::kRgb, target, in, 1, &out);
    CHECK(out == v);
  }
  const uint8_t red[3] = {255, 0, 0};
  uint8_t gray = 0;
  ConvertRow(PixelKind::kRgb, target, red, 1, &gray);
  CHECK(gray == 76);
}

TEST_CASE("compositing is the exactly rounded blend for every sample and alpha", "[decode]") {
  PixelTarget target;
  target.colors = 1;
  target.alpha = AlphaPolicy::kComposite;
  for (int background : {0, 77, 255}) {
    for (auto& c : target.background) c = uint8_t(background);
    bool exact = true;
    for (int v = 0; v < 256; ++v) {
      for (int a = 0; a < 256; ++a) {
        const uint8_t in[2] = {uint8_t(v), uint8_t(a)};
        uint8_t out = 0;
        ConvertRow(PixelKind::kGrayAlpha, target, in, 1, &out);
        const int sum = v * a + background * (255 - a);
        exact = exact && out == (2 * sum + 255) / 510;
      }
    }
    CHECK(exact);
  }
}

TEST_CASE("inks become colours by the exactly rounded product", "[decode]") {
  PixelTarget target;
  bool exact = true;
  for (int c = 0; c < 256; ++c) {
    for (int k = 0; k < 256; ++k) {
      const uint8_t in[4] = {uint8_t(c), 0, 255, uint8_t(k)};
      uint8_t out[3];
      ConvertRow(PixelKind::kInvertedCmyk, target, in, 1, out);
      exact = exact && out[0] == (2 * c * k + 255) / 510 && out[1] == 0 && out[2] == k;
    }
  }
  CHECK(exact);
}

TEST_CASE("sixteen-bit samples survive dropping, keeping and blending alpha", "[decode]") {
  const uint16_t in[4] = {65535, 1000, 0, 32768};
  uint16_t out[4] = {};
  PixelTarget target;
  ConvertRow(PixelKind::kRgba, target, in, 1, out);
  CHECK(out[0] == 65535);
  CHECK(out[1] == 1000);
  target.alpha = AlphaPolicy::kMask;
  ConvertRow(PixelKind::kRgba, target, in, 1, out);
  CHECK(out[3] == 32768);
  target.alpha = AlphaPolicy::kComposite;
  for (auto& c : target.background) c = 255;
  ConvertRow(PixelKind::kRgba, target, in, 1, out);
  CHECK(out[0] == 65535);
  CHECK(out[2] == 32767);
}

}  // namespace
}  // namespace imnorm
