// Layer kernels against their plain twins, on every target.
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <vector>

#include "imnorm/values.h"
#include "kernels/layer_kernels.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::LayerLine;
using kernels::LayerSums;
namespace reference = kernels::reference;

constexpr size_t kMost = 71;      // beyond 4 vectors of any width, and a tail
constexpr float kGuard = -77.5f;  // behind every output

std::vector<float> Floats(size_t n, uint64_t seed, float offset) {
  testing::Samples samples(seed);
  std::vector<float> values(n);
  for (float& value : values) value = offset + float(samples.Below(20001) - 10000) / 4096.0f;
  return values;
}

bool SameBits(double a, double b) {
  return std::bit_cast<uint64_t>(a) == std::bit_cast<uint64_t>(b);
}

// Calls body(n, misalign) for every length and start.
template <typename Body>
void ForEachPlace(const Body& body) {
  for (size_t n = 1; n <= kMost; ++n) {
    for (size_t misalign = 0; misalign < 3; ++misalign) body(n, misalign);
  }
}

}  // namespace

TEST_CASE("sums of deviations have the same bits on every target", "[layer]") {
  testing::ForEachTarget([](const char* target) {
    INFO(target);
    ForEachPlace([](size_t n, size_t misalign) {
      const auto in = Floats(n + misalign, n, 1000.0f);
      const float* values = in.data() + misalign;
      const LayerSums expected = reference::LayerBlockSums(values, n, values[0]);
      const LayerSums got = kernels::LayerBlockSums(values, n, values[0]);
      REQUIRE(SameBits(got.sum, expected.sum));
      REQUIRE(SameBits(got.sum_squares, expected.sum_squares));
    });
  });
}

TEST_CASE("byte sums are exact beyond what 32 bits hold", "[layer]") {
  testing::ForEachTarget([](const char* target) {
    INFO(target);
    for (const size_t n : {size_t(1), size_t(63), size_t(65), size_t(1000), size_t(700001)}) {
      std::vector<uint8_t> bytes(n, 255);
      bytes[n / 2] = 7;
      uint64_t sums[2];
      kernels::LayerByteSums(bytes.data(), n, sums);
      REQUIRE(sums[0] == 255 * (n - 1) + 7);
      REQUIRE(sums[1] == 65025 * (n - 1) + 49);
    }
  });
}

TEST_CASE("lines are applied with the same bits on every target, in place too", "[layer]") {
  const LayerLine line{999.75, 1.0 / 3.0, 0.125};
  testing::ForEachTarget([&](const char* target) {
    INFO(target);
    ForEachPlace([&](size_t n, size_t misalign) {
      auto in = Floats(n + misalign, n, 1000.0f);
      std::vector<float> expected(n);
      reference::LayerApply(in.data() + misalign, n, line, expected.data());
      std::vector<float> out(misalign + n + 1, kGuard);
      kernels::LayerApply(in.data() + misalign, n, line, out.data() + misalign);
      REQUIRE(std::memcmp(out.data() + misalign, expected.data(), n * sizeof(float)) == 0);
      REQUIRE(out.back() == kGuard);
      kernels::LayerApply(in.data() + misalign, n, line, in.data() + misalign);
      REQUIRE(std::memcmp(in.data() + misalign, expected.data(), n * sizeof(float)) == 0);
    });
  });
}

TEST_CASE("parameters of every element are applied with the same bits on every target", "[layer]") {
  const LayerLine line{-2.5, 1.7, 1e-9};
  testing::ForEachTarget([&](const char* target) {
    INFO(target);
    ForEachPlace([&](size_t n, size_t misalign) {
      const auto in = Floats(n + misalign, n, -2.0f);
      const auto gamma = Floats(n + misalign, n + 1, 1.0f);
      const auto beta = Floats(n + misalign, n + 2, 0.0f);
      std::vector<float> expected(n);
      reference::LayerApplyElements(in.data() + misalign, n, line, gamma.data() + misalign,
                                    beta.data() + misalign, expected.data());
      std::vector<float> out(n + 1, kGuard);
      kernels::LayerApplyElements(in.data() + misalign, n, line, gamma.data() + misalign,
                                  beta.data() + misalign, out.data());
      REQUIRE(std::memcmp(out.data(), expected.data(), n * sizeof(float)) == 0);
      REQUIRE(out.back() == kGuard);
    });
  });
}

TEST_CASE("all 65,536 half floats are widened exactly", "[layer]") {
  std::vector<uint16_t> bits(65536 + 3);
  for (size_t i = 0; i < bits.size(); ++i) bits[i] = uint16_t(i);
  testing::ForEachTarget([&](const char* target) {
    INFO(target);
    std::vector<float> half(bits.size());
    std::vector<float> brain(bits.size());
    kernels::LayerFromF16(bits.data(), bits.size(), half.data());
    kernels::LayerFromBF16(bits.data(), bits.size(), brain.data());
    for (size_t i = 0; i < bits.size(); ++i) {
      // Widening may make a signalling NaN quiet; it stays a NaN.
      const float expected = FloatFromFloat16Bits(bits[i]);
      const bool same = std::bit_cast<uint32_t>(half[i]) == std::bit_cast<uint32_t>(expected);
      REQUIRE((same || (std::isnan(half[i]) && std::isnan(expected))));
      REQUIRE(std::bit_cast<uint32_t>(brain[i]) ==
              std::bit_cast<uint32_t>(FloatFromBFloat16Bits(bits[i])));
    }
  });
}

TEST_CASE("floats are narrowed as one by one, ties, subnormals and NaN included", "[layer]") {
  std::vector<float> values;
  testing::Samples samples(5);
  for (uint32_t high = 0; high < 65536; ++high) {
    for (const uint32_t low : {0x0000u, 0x1000u, 0x8000u, 0x8001u, 0x7fffu}) {
      values.push_back(std::bit_cast<float>(high << 16 | low));
    }
  }
  for (int i = 0; i < 10001; ++i)
    values.push_back(std::bit_cast<float>(uint32_t(samples.Next() >> 32)));
  std::vector<uint16_t> half(values.size());
  std::vector<uint16_t> brain(values.size());
  testing::ForEachTarget([&](const char* target) {
    INFO(target);
    kernels::LayerToF16(values.data(), values.size(), half.data());
    kernels::LayerToBF16(values.data(), values.size(), brain.data());
    size_t wrong = 0;
    for (size_t i = 0; i < values.size(); ++i) {
      wrong += half[i] != Float16Bits(values[i]);
      wrong += brain[i] != BFloat16Bits(values[i]);
    }
    REQUIRE(wrong == 0);
  });
}

TEST_CASE("bytes become floats", "[layer]") {
  testing::ForEachTarget([&](const char* target) {
    INFO(target);
    ForEachPlace([&](size_t n, size_t misalign) {
      const testing::Input in(n, misalign, n);
      std::vector<float> out(n + 1, kGuard);
      kernels::LayerFromU8(in.data(), n, out.data());
      for (size_t i = 0; i < n; ++i) REQUIRE(out[i] == float(in.data()[i]));
      REQUIRE(out.back() == kGuard);
    });
  });
}

}  // namespace imnorm
