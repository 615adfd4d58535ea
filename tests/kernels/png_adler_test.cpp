#include <zlib.h>

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/png/adler.h"
#include "support/each_target.h"

namespace imnorm::png {

TEST_CASE("Adler-32 equals its reference and zlib's on every target, length and start",
          "[kernels][png]") {
  ForEachTarget([] {
    std::mt19937 random(1);
    std::vector<uint8_t> bytes(3000);
    for (auto& v : bytes) v = random() % 4 == 0 ? uint8_t(random()) : 255;
    for (size_t start = 0; start < 3; ++start) {
      for (size_t length = 0; start + length <= bytes.size(); length += length < 300 ? 1 : 37) {
        const uint32_t before = uint32_t(random() % 65521) << 16 | uint32_t(random() % 65521);
        const uint32_t sum = Adler32(before, bytes.data() + start, length);
        REQUIRE(sum == reference::Adler32(before, bytes.data() + start, length));
        REQUIRE(sum == uint32_t(adler32(before, bytes.data() + start, uInt(length))));
      }
    }
  });
}

TEST_CASE("Adler-32 does not overflow over a megabyte of the largest bytes", "[kernels][png]") {
  ForEachTarget([] {
    const std::vector<uint8_t> bytes(size_t{1} << 20, 255);
    CHECK(Adler32(0xfff0fff0, bytes.data(), bytes.size()) ==
          uint32_t(adler32(0xfff0fff0, bytes.data(), uInt(bytes.size()))));
  });
}

}  // namespace imnorm::png
