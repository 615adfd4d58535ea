// Measures of pictures whose values are known.
#include "statistics/picture_look.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace imnorm {
namespace {

std::vector<uint8_t> Flat(size_t pixels, uint8_t value) {
  return std::vector<uint8_t>(pixels * 3, value);
}

TEST_CASE("a flat picture has its brightness everywhere and no entropy", "[statistics]") {
  for (const int level : {0, 51, 128, 255}) {
    LookSums sums;
    sums.Reset();
    const auto row = Flat(100, uint8_t(level));
    sums.Add(row.data(), 100);
    PictureLook look;
    sums.Finish(look);
    CHECK(look.dark_end == Approx(level / 255.0).margin(0.002));
    CHECK(look.bright_end == Approx(level / 255.0).margin(0.002));
    CHECK(look.entropy == 0.0);
    CHECK(look.gray);
  }
}

TEST_CASE("percentiles lie between samples as numpy's do", "[statistics]") {
  LookSums sums;
  sums.Reset();
  for (int i = 0; i < 11; ++i) {  // brightness 0, 0.1 ... 1.0 but for rounding
    const auto pixel = Flat(1, uint8_t(i * 255 / 10));
    sums.Add(pixel.data(), 1);
  }
  PictureLook look;
  sums.Finish(look);
  CHECK(look.bright_end == Approx(0.05).margin(0.003));  // rank 0.5
  CHECK(look.dark_end == Approx(0.99).margin(0.003));    // rank 9.9
  CHECK(look.entropy == Approx(std::log2(11.0)));
}

TEST_CASE("one pixel of colour makes a picture not grey", "[statistics]") {
  LookSums sums;
  sums.Reset();
  auto row = Flat(50, 90);
  row[3 * 17 + 1] = 91;
  sums.Add(row.data(), 50);
  PictureLook look;
  sums.Finish(look);
  CHECK_FALSE(look.gray);
}

TEST_CASE("edges are Pillow's, its border included", "[statistics]") {
  // What Pillow 13 and numpy say: ImageStat.Stat(i.filter(FIND_99.293302896)).var[0] ** 0.5 and
  // numpy.std(i.histogram()).
  std::vector<uint8_t> rgb;
  for (int y = 0; y < 5; ++y) {
    for (int x = 0; x < 6; ++x) rgb.insert(rgb.end(), 3, uint8_t((x * 37 + y * 91) % 256));
  }
  PictureLook look;
  LookAtSmall(rgb, 6, 5, look);
  CHECK(look.edges == Approx(99.293302896).epsilon(1e-6));
  CHECK(look.evenness == Approx(0.461334575).epsilon(1e-6));
}

TEST_CASE("a picture that rises to the right has all bits of the hash, a falling one none",
          "[statistics]") {
  std::vector<uint8_t> rising, falling;
  for (int y = 0; y < 64; ++y) {
    for (int x = 0; x < 64; ++x) {
      rising.insert(rising.end(), 3, uint8_t(x * 4));
      falling.insert(falling.end(), 3, uint8_t(255 - x * 4));
    }
  }
  PictureLook look;
  LookAtSmall(rising, 64, 64, look);
  CHECK(look.difference_hash == ~uint64_t{0});
  LookAtSmall(falling, 64, 64, look);
  CHECK(look.difference_hash == 0);
}

TEST_CASE("an even histogram does not count for sharpness, an uneven one does", "[statistics]") {
  PictureLook look;
  look.edges = 30.0;
  look.evenness = 19.8;
  CHECK(SharpnessScore(look) == Approx(0.2592).margin(1e-4));
  look.evenness = 19.9;
  CHECK(SharpnessScore(look) == Approx(0.2592 + 0.1805).margin(1e-4));
}

}  // namespace
}  // namespace imnorm
