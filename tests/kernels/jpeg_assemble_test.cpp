#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/jpeg/assemble.h"
#include "decode/jpeg/idct.h"
#include "decode/jpeg/zigzag.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

// Blocks with about one nonzero coefficient in `one_in`, of any size that a first scan gives.
std::vector<ZigzagBlock> MakeBlocks(std::mt19937& random, size_t count, uint32_t one_in) {
  std::vector<ZigzagBlock> blocks(count);
  for (ZigzagBlock& block : blocks) {
    for (int16_t& coefficient : block.at) {
      coefficient = random() % one_in == 0 ? int16_t(int(random() % 16384) - 8192) : int16_t{0};
    }
  }
  return blocks;
}

uint64_t AnyMask(std::mt19937& random) { return uint64_t{random()} << 32 | random(); }

}  // namespace

TEST_CASE("nonzero coefficients are marked as the reference marks them, whatever their number",
          "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(3);
    for (size_t count = 0; count <= 130; ++count) {
      const auto blocks = MakeBlocks(random, count, 1 + uint32_t(count % 5));
      std::vector<uint64_t> expected(count + 1);
      for (uint64_t& mask : expected) mask = AnyMask(random) & AnyMask(random);
      std::vector<uint64_t> actual = expected;
      reference::MarkNonzero(blocks.data(), count, expected.data());
      MarkNonzero(blocks.data(), count, actual.data());
      REQUIRE(actual == expected);
    }
  });
}

TEST_CASE("a mask's highest bit is the DC, its lowest one the last of the zigzag",
          "[kernels][jpeg]") {
  ForEachTarget([] {
    for (int k = 0; k < 64; ++k) {
      std::vector<ZigzagBlock> block(1);
      block[0].at[k] = -1;
      uint64_t mask = 0;
      MarkNonzero(block.data(), 1, &mask);
      REQUIRE(mask == uint64_t{1} << (63 - k));
    }
  });
}

TEST_CASE("blocks are put together as the reference does it, with any planes", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(4);
    const uint8_t* places = CoefficientPlaces();
    for (int round = 0; round < 2000; ++round) {
      const auto blocks = MakeBlocks(random, 4, 1 + random() % 4);
      uint64_t negative[4];
      uint64_t planes[kMaxLowBits][4];
      RefinedBits bits;
      const unsigned used = random() % 8;
      if (used != 0) bits.negative = negative;
      for (int bit = 0; bit < kMaxLowBits; ++bit) {
        if ((used >> bit & 1) != 0) bits.plane[bit] = planes[bit];
        for (uint64_t& mask : planes[bit]) mask = random() % 3 == 0 ? 0 : AnyMask(random);
      }
      for (uint64_t& mask : negative) mask = AnyMask(random);
      int16_t expected[4 * 64];
      reference::AssembleBlocks(blocks.data(), bits, expected);
      alignas(64) int16_t actual[4 * 64 + 32];
      std::fill(std::begin(actual), std::end(actual), int16_t{0x5a5a});
      AssembleBlocks(blocks.data(), bits, actual);
      for (int i = 0; i < 4; ++i) {
        for (int k = 0; k < 64; ++k) {
          REQUIRE(actual[64 * i + places[k]] == expected[64 * i + kNaturalOrder.at[k]]);
        }
      }
      REQUIRE(std::all_of(actual + 4 * 64, std::end(actual), [](int v) { return v == 0x5a5a; }));
    }
  });
}

}  // namespace imnorm::jpeg
