#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/png/samples.h"
#include "support/each_target.h"

namespace imnorm::png {

TEST_CASE("swapped bytes equal their reference on every target, length and start",
          "[kernels][png]") {
  ForEachTarget([] {
    std::mt19937 random(1);
    for (size_t start = 0; start < 3; ++start) {
      for (size_t samples = 0; samples < 200; ++samples) {
        std::vector<uint8_t> in(start + 2 * samples);
        for (auto& v : in) v = uint8_t(random());
        std::vector<uint8_t> expected(2 * samples + 8, 0x5a), actual = expected;
        reference::SwapBytes(in.data() + start, samples, expected.data());
        SwapBytes(in.data() + start, samples, actual.data());
        REQUIRE(actual == expected);
      }
    }
  });
}

TEST_CASE("samples of few bits come out of their bytes highest first", "[png]") {
  const uint8_t in[] = {0b10110001, 0b01101100};
  std::vector<uint8_t> out(16, 9);
  UnpackBits(in, 1, 9, out.data());
  CHECK(std::vector<uint8_t>(out.begin(), out.begin() + 10) ==
        std::vector<uint8_t>{1, 0, 1, 1, 0, 0, 0, 1, 0, 9});
  UnpackBits(in, 2, 5, out.data());
  CHECK(std::vector<uint8_t>(out.begin(), out.begin() + 5) == std::vector<uint8_t>{2, 3, 0, 1, 1});
  UnpackBits(in, 4, 3, out.data());
  CHECK(std::vector<uint8_t>(out.begin(), out.begin() + 3) == std::vector<uint8_t>{11, 1, 6});
}

TEST_CASE("colours are written to their last byte and no further", "[png]") {
  Colors colors;
  for (int i = 0; i < 256; ++i) {
    for (int c = 0; c < 4; ++c) colors.of[i][c] = uint8_t(i * 4 + c);
  }
  std::vector<uint8_t> in(70);
  for (size_t i = 0; i < in.size(); ++i) in[i] = uint8_t(i * 11);
  for (const int channels : {1, 3, 4}) {
    for (size_t pixels = 0; pixels <= in.size(); ++pixels) {
      std::vector<uint8_t> out(pixels * size_t(channels) + 4, 0x5a);
      MapColors(in.data(), pixels, colors, channels, out.data());
      bool equal = std::all_of(out.end() - 4, out.end(), [](uint8_t v) { return v == 0x5a; });
      for (size_t x = 0; x < pixels; ++x) {
        for (int c = 0; c < channels; ++c) {
          equal = equal && out[x * size_t(channels) + size_t(c)] == colors.of[in[x]][c];
        }
      }
      REQUIRE(equal);
    }
  }
}

}  // namespace imnorm::png
