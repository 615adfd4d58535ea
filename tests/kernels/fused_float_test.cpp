// Fused sums against their plain twins.
#include "kernels/fused_float.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using testing::ForEachTarget;
using testing::Samples;

constexpr float kGuard = -12345.0f;

std::vector<float> Row(Samples& samples, size_t n) {
  std::vector<float> row(n);
  for (float& value : row) value = float(samples.Byte()) * 0.0039215688f - 0.3f;
  return row;
}

}  // namespace

TEST_CASE("a row of four neighbours each equals its twin's", "[kernels]") {
  ForEachTarget([](const std::string& target) {
    for (size_t n = 1; n <= 40; ++n) {
      INFO(target << ": " << n);
      Samples samples(n);
      const auto a = Row(samples, n), b = Row(samples, n), c = Row(samples, n), d = Row(samples, n);
      const auto left = Row(samples, n), right = Row(samples, n);
      const kernels::Neighbours from = {a.data(),    b.data(),     c.data(), d.data(),
                                        left.data(), right.data(), 0.3f,     0.7f};
      std::vector<float> expected(n), actual(n + 1, kGuard);
      kernels::reference::BlendNeighbours(from, n, expected.data());
      kernels::BlendNeighbours(from, n, actual.data());
      CHECK(std::equal(expected.begin(), expected.end(), actual.begin()));
      CHECK(actual.back() == kGuard);
      kernels::reference::BlendPairs(from, n, expected.data());
      kernels::BlendPairs(from, n, actual.data());
      CHECK(std::equal(expected.begin(), expected.end(), actual.begin()));
      CHECK(actual.back() == kGuard);
    }
  });
}

TEST_CASE("products are added by one rounding", "[kernels]") {
  ForEachTarget([](const std::string& target) {
    for (size_t n = 1; n <= 40; ++n) {
      INFO(target << ": " << n);
      Samples samples(n + 100);
      const auto in = Row(samples, n);
      auto expected = Row(samples, n);
      auto actual = expected;
      actual.push_back(kGuard);
      for (const float weight : {0.3f, 1.0f, -0.7f}) {
        kernels::reference::AddProducts(in.data(), weight, n, expected.data());
        kernels::AddProducts(in.data(), weight, n, actual.data());
      }
      CHECK(std::equal(expected.begin(), expected.end(), actual.begin()));
      CHECK(actual.back() == kGuard);
    }
    // The product 1 + 2^-23 times itself ends in 2^-46, which only a fused sum sees.
    const float x = 1.0f + 1.1920929e-7f;
    std::vector<float> in(17, x), sum(17, -(x * x));
    kernels::AddProducts(in.data(), x, in.size(), sum.data());
    for (const float value : sum) CHECK(value != 0.0f);
  });
}

}  // namespace imnorm
