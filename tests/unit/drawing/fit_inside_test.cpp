// Pictures at the size of a cell.
#include "drawing/fit_inside.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

Image Filled(int width, int height, uint8_t value) {
  Image image;
  image.Reshape(width, height, 3, ElementType::kU8);
  std::fill(image.pixels.begin(), image.pixels.end(), value);
  return image;
}

TEST_CASE("large pictures fit, small ones grow by whole factors, the rest stays", "[drawing]") {
  const auto size = [](int width, int height) {
    const Image fitted = FitInside(Filled(width, height, 9), 160);
    return std::pair(fitted.width, fitted.height);
  };
  CHECK(size(224, 224) == std::pair(160, 160));
  CHECK(size(500, 375) == std::pair(160, 120));
  CHECK(size(10000, 1) == std::pair(160, 1));
  CHECK(size(32, 32) == std::pair(160, 160));
  CHECK(size(28, 14) == std::pair(140, 70));
  CHECK(size(100, 90) == std::pair(100, 90));
  CHECK(size(160, 160) == std::pair(160, 160));
}

TEST_CASE("a flat picture stays flat, and a halved one is the mean of four", "[drawing]") {
  for (const uint8_t value : FitInside(Filled(333, 257, 201), 100).pixels) REQUIRE(value == 201);
  Image four = Filled(2, 2, 0);
  const uint8_t values[4] = {10, 20, 40, 90};
  for (size_t i = 0; i < 12; ++i) four.pixels[i] = values[i / 3];
  const Image one = FitInside(four, 1);
  CHECK(one.pixels == std::vector<uint8_t>{40, 40, 40});
}

TEST_CASE("enlarged pixels are blocks of themselves", "[drawing]") {
  Image two = Filled(2, 1, 0);
  two.pixels = {1, 2, 3, 4, 5, 6};
  const Image large = FitInside(two, 4);
  CHECK(large.width == 4);
  CHECK(large.height == 2);
  CHECK(large.pixels == std::vector<uint8_t>{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6,
                                             1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6});
}

}  // namespace
}  // namespace imnorm
