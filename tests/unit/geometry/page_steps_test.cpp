// Margins of pages, and pages that are turned.
#include "geometry/page_steps.h"

#include <algorithm>
#include <catch2/catch.hpp>

namespace imnorm {
namespace {

Image White(int width, int height) {
  Image page;
  page.Reshape(width, height, 3, ElementType::kU8);
  std::ranges::fill(page.pixels, uint8_t{255});
  return page;
}

void Ink(Image& page, int x, int y, uint8_t level) { std::fill_n(page.row(y) + x * 3, 3, level); }

}  // namespace

TEST_CASE("what is lighter than the text is cut off a page", "[geometry]") {
  Image page = White(40, 30);
  Ink(page, 7, 4, 0);
  Ink(page, 20, 21, 10);
  Ink(page, 2, 2, 210);  // a speck
  CutMargin(page, false);
  CHECK(page.width == 14);
  CHECK(page.height == 18);
  CHECK(page.row(0)[0] == 0);
  CHECK(page.row(17)[13 * 3] == 10);
}

TEST_CASE("a blank page keeps its margin", "[geometry]") {
  Image page = White(40, 30);
  CutMargin(page, false);
  CHECK(page.width == 40);
  CHECK(page.height == 30);
}

TEST_CASE("a quarter turn is clockwise", "[geometry]") {
  Image page = White(3, 2);
  for (int y = 0; y < 2; ++y) {
    for (int x = 0; x < 3; ++x) Ink(page, x, y, uint8_t(10 * y + x));
  }
  TurnQuarter(page);
  REQUIRE(page.width == 2);
  REQUIRE(page.height == 3);
  CHECK(page.row(0)[0] == 10);
  CHECK(page.row(0)[3] == 0);
  CHECK(page.row(2)[0] == 12);
  CHECK(page.row(2)[3] == 2);
}

}  // namespace imnorm
