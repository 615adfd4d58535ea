#include <catch2/catch.hpp>
#include <cstring>
#include <random>

#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

bool IsCrop(const Image& part, const Image& whole, const Rect& window) {
  for (int y = 0; y < window.height; ++y) {
    const uint8_t* row = whole.row(window.y + y) + size_t(window.x) * size_t(whole.channels);
    if (std::memcmp(part.row(y), row, part.stride_bytes()) != 0) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("a window's rows are the crop of the whole picture, 2,000 windows", "[jpeg]") {
  constexpr int kSamplings[][3] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};
  std::mt19937 random(7);
  const auto below = [&](int n) { return int(random() % uint32_t(n)); };
  jpeg::Decoder decoder;
  for (int picture = 0; picture < 40; ++picture) {
    const auto& s = kSamplings[picture % 5];
    const Recipe recipe{.width = 5 + below(300),
                        .height = 1 + below(150),
                        .components = s[0],
                        .h = s[1],
                        .v = s[2],
                        .quality = 90,
                        .restart_interval = below(3) == 0 ? 5 : 0,
                        .progressive = picture / 5 % 2 != 0,
                        .scans = kAllScans[picture % 6],
                        .seed = uint32_t(picture)};
    const auto bytes = Encode(recipe);
    const int channels = picture % 20 < 14 ? 3 : 1;
    PictureConsumer whole;
    REQUIRE(decoder.Decode(bytes, channels, kManyPixels, whole).done);
    for (int i = 0; i < 50; ++i) {
      Rect window;
      window.x = below(recipe.width);
      window.y = below(recipe.height);
      window.width = 1 + below(recipe.width - window.x);
      window.height = 1 + below(recipe.height - window.y);
      PictureConsumer part(window);
      const auto outcome = decoder.Decode(bytes, channels, kManyPixels, part);
      INFO("picture " << picture << " window " << window.x << "," << window.y << " " << window.width
                      << "x" << window.height);
      REQUIRE(outcome.done);
      REQUIRE(part.complete());
      REQUIRE(IsCrop(part.picture, whole.picture, window));
    }
  }
}

TEST_CASE("damage outside the window is found all the same", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const bool progressive : {false, true}) {
    auto bytes =
        Encode({.width = 200, .height = 200, .restart_interval = 25, .progressive = progressive});
    PictureConsumer sound({0, 0, 8, 8});
    REQUIRE(decoder.Decode(bytes, 3, kManyPixels, sound).done);
    bytes.erase(bytes.end() - 42, bytes.end() - 2);
    PictureConsumer damaged({0, 0, 8, 8});
    CHECK_FALSE(decoder.Decode(bytes, 3, kManyPixels, damaged).done);
  }
}

}  // namespace imnorm::jpeg_judge
