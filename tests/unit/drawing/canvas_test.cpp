// What is drawn stands where it was asked for, and nowhere else.
#include "drawing/canvas.h"

#include <catch2/catch.hpp>
#include <string>

namespace imnorm {
namespace {

constexpr Colour kBlack = {0, 0, 0};
constexpr Colour kWhite = {255, 255, 255};

int Lit(const Image& image, const Rect& area) {
  int lit = 0;
  for (int y = area.y; y < area.y + area.height; ++y) {
    for (int x = area.x; x < area.x + area.width; ++x) lit += image.row(y)[3 * x] > 0;
  }
  return lit;
}

TEST_CASE("a frame lies just outside of its rectangle, and is cut at the edges", "[drawing]") {
  Canvas canvas(20, 10, kBlack);
  canvas.Frame({5, 3, 4, 2}, kWhite);
  CHECK(Lit(canvas.image(), {0, 0, 20, 10}) == 2 * 6 + 2 * 2);
  CHECK(Lit(canvas.image(), {5, 3, 4, 2}) == 0);
  CHECK(Lit(canvas.image(), {4, 2, 6, 4}) == 16);
  canvas.Frame({-50, -50, 200, 200}, kWhite, 3);
  CHECK(Lit(canvas.image(), {0, 0, 20, 10}) == 16);
}

TEST_CASE("a picture is placed with its colours, grey or not, and cut at the edges", "[drawing]") {
  Image grey;
  grey.Reshape(3, 1, 1, ElementType::kU8);
  grey.pixels = {10, 20, 30};
  Canvas canvas(4, 2, kBlack);
  canvas.Place(grey, 2, 1);
  CHECK(canvas.image().row(1)[3 * 2] == 10);
  CHECK(canvas.image().row(1)[3 * 3 + 2] == 20);
  CHECK(Lit(canvas.image(), {0, 0, 4, 2}) == 2);
}

TEST_CASE("what is not kept is darkened, what is kept is not", "[drawing]") {
  Canvas canvas(6, 6, {100, 100, 100});
  canvas.Shade({0, 0, 6, 6}, {1, 2, 3, 2});
  for (int y = 0; y < 6; ++y) {
    for (int x = 0; x < 6; ++x) {
      const bool kept = x >= 1 && x < 4 && y >= 2 && y < 4;
      CHECK(canvas.image().row(y)[3 * x] == (kept ? 100 : 40));
    }
  }
}

TEST_CASE("a caption fits its width: a long one loses its middle", "[drawing]") {
  const auto drawn = [](const std::string& text, int width) {
    Canvas canvas(120, 14, kBlack);
    canvas.Caption(text, 0, 0, width, kWhite);
    return canvas.Take();
  };
  CHECK(Lit(drawn("IMG_0001.jpg", 120), {0, 0, 12 * 7, 14}) > 50);
  const Image cut = drawn("a_very_long_name_of_a_file.jpg", 70);
  CHECK(Lit(cut, {70, 0, 50, 14}) == 0);
  CHECK(cut.pixels == drawn("a_v..e.jpg", 70).pixels);  // ten letters
}

TEST_CASE("letters of Latin-1 are drawn, others are boxes, broken UTF-8 breaks nothing",
          "[drawing]") {
  const auto drawn = [](const std::string& text) {
    Canvas canvas(60, 14, kBlack);
    canvas.Caption(text, 0, 0, 60, kWhite);
    return canvas.Take();
  };
  CHECK(drawn("\xc3\xa4").pixels != drawn("a").pixels);
  CHECK(Lit(drawn("\xc3\xa4"), {0, 0, 7, 14}) > 5);
  CHECK(drawn("\xe7\x8c\xab").pixels == drawn("\xe7\x8a\xac").pixels);  // two boxes
  CHECK(Lit(drawn("\xe7\x8c\xab"), {7, 0, 50, 14}) == 0);               // of one letter
  CHECK(Lit(drawn("\xff\xc3"), {0, 0, 14, 14}) > 5);
}

}  // namespace
}  // namespace imnorm
