#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "decode/jpeg/idct.h"
#include "decode/jpeg/zigzag.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

constexpr size_t kGuard = 40;

struct Blocks {
  int16_t values[4][64] = {};
  const int16_t* pointers[4] = {values[0], values[1], values[2], values[3]};
};

Dequantizer EvenDequantizer(int factor) {
  uint16_t quant[64];
  std::fill(std::begin(quant), std::end(quant), uint16_t(factor));
  return MakeDequantizer(quant);
}

// As the active target wants them.
void Reorder(const Blocks& natural, Blocks& reordered) {
  for (int block = 0; block < 4; ++block) {
    for (int k = 0; k < 64; ++k) {
      reordered.values[block][CoefficientPlaces()[k]] = natural.values[block][kNaturalOrder.at[k]];
    }
  }
}

// Both verdicts alike, and if good, the same samples and nothing written beside them. `blocks` are
// in natural order.
bool Agrees(const Blocks& blocks, const Dequantizer& dequantizer, size_t stride) {
  std::vector<uint8_t> expected(7 * stride + 32 + kGuard, 0xa5);
  std::vector<uint8_t> actual = expected;
  const bool expected_good =
      reference::TransformBlocks(blocks.pointers, dequantizer, expected.data(), stride);
  Blocks reordered;
  Reorder(blocks, reordered);
  const bool good = TransformBlocks(reordered.pointers, dequantizer, actual.data(), stride);
  return good == expected_good && (!good || actual == expected);
}

}  // namespace

TEST_CASE("the inverse DCT equals its reference on every target", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(3);
    for (int round = 0; round < 3000; ++round) {
      Blocks blocks;
      const int amplitude = 1 << random() % 11;
      const int density = 1 + int(random() % 64);
      for (auto& block : blocks.values) {
        for (int i = 0; i < density; ++i) {
          block[random() % 64] = int16_t(int(random() % (2 * amplitude)) - amplitude);
        }
      }
      uint16_t quant[64];
      for (auto& q : quant) q = uint16_t(1 + random() % (round % 2 ? 16 : 255));
      REQUIRE(Agrees(blocks, MakeDequantizer(quant), 32 + round % 33));
    }
  });
}

TEST_CASE("the inverse DCT accepts and refuses at the same bounds on every target",
          "[kernels][jpeg]") {
  ForEachTarget([] {
    for (int position = 0; position < 64; ++position) {
      for (const int factor : {1, 3, 255, 4095, 16383, 32767}) {
        for (const int value : {0, 1, -1, 1023, -1023, 4095, 4096, -4096, -4097, 16383, 16384,
                                -16384, 32767, -32767}) {
          Blocks blocks;
          blocks.values[position % 4][position] = int16_t(value);
          REQUIRE(Agrees(blocks, EvenDequantizer(factor), 32));
        }
      }
    }
  });
}

TEST_CASE("blocks of a DC only equal the reference for every DC", "[kernels][jpeg]") {
  ForEachTarget([] {
    for (int dc = -16384; dc < 16384; dc += 4) {
      Blocks blocks;
      for (int i = 0; i < 4; ++i) blocks.values[i][0] = int16_t(dc + i);
      for (const int factor : {1, 7}) {
        REQUIRE(Agrees(blocks, EvenDequantizer(factor), 35));
      }
    }
  });
}

}  // namespace imnorm::jpeg
