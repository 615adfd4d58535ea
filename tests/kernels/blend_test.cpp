#include <catch2/catch.hpp>

#include "imnorm/geometry.h"
#include "kernels/kernels.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using testing::ForEachTarget;
using testing::Input;
using testing::Output;
using testing::Samples;

void Check(const std::string& target, const std::vector<int32_t>& weights, size_t n,
           size_t misalign, int precision = AxisWeights::kPillowPrecision) {
  std::vector<Input> inputs;
  std::vector<const uint8_t*> rows;
  for (size_t t = 0; t < weights.size(); ++t)
    inputs.emplace_back(n, (misalign + t) % 7, n * 31 + t);
  for (const Input& input : inputs) rows.push_back(input.data());
  Output expected(n), actual(n, misalign);
  const kernels::RowTaps taps{weights.data(), int(weights.size()), precision};
  kernels::reference::BlendRows(rows.data(), taps, n, expected.data());
  kernels::BlendRows(rows.data(), taps, n, actual.data());
  INFO(target << ": taps " << weights.size() << ", bytes " << n << ", misalign " << misalign
              << ", precision " << precision);
  CHECK(actual.GuardsIntact());
  CHECK(actual.values() == expected.values());
}

TEST_CASE("the vertical pass equals its twin for every length", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (size_t n = 1; n <= 2 * 64 + 3; ++n) {
      Check(target, {1 << 22}, n, n % 5);
      Check(target, {1 << 20, 3 << 20}, n, 1);
      Check(target, {-300000, 2500001, 2500001, -300000, -205698}, n, 3);
    }
    Check(target, {1234567, 2345678, 614059}, 672, 0);
    Check(target, {1234567, 2345678, 614059}, 1023, 9);
  });
}

TEST_CASE("the vertical pass equals its twin for every filter's weights", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const Filter filter : {Filter::kNearest, Filter::kBox, Filter::kBilinear, Filter::kHamming,
                                Filter::kBicubic, Filter::kLanczos}) {
      for (const int in_size : {40, 64, 100, 900, 13000}) {
        const AxisWeights weights = MakeAxisWeights(in_size, 64, filter, 0, 64);
        for (const int i : {0, 1, 30, 63}) {
          const int32_t* from = weights.weights.data() + size_t(i) * size_t(weights.taps);
          Check(target, {from, from + weights.count[size_t(i)]}, 131, 0);
        }
      }
    }
  });
}

TEST_CASE("16-bit weights blend exactly at every length and precision", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    Samples samples(11);
    for (size_t n = 1; n <= 2 * 64 + 3; ++n) {
      Check(target, {1 << 14}, n, n % 5, 14);
      Check(target, {-2000, 18384, 18384, -2000}, n, 3, 15);
    }
    // Both ends of what two bytes or one word hold, and one beyond: 22 bits then, or plain code.
    for (const int32_t largest : {32639, 32640, 32767, 32768, 70000}) {
      for (const int precision : {5, 8, 9, 14, 15, 19, 22}) {
        Check(target, {largest}, 200, 1, precision);
        Check(target, {largest, -largest, largest / 2}, 133, 0, precision);
        Check(target, {-32768, largest}, 133, 0, precision);
      }
    }
    for (int round = 0; round < 60; ++round) {
      std::vector<int32_t> weights(size_t(1 + round % 13));
      for (int32_t& w : weights) w = samples.Below(1 << 16) - (1 << 15);
      Check(target, weights, 200, 0, 9 + round % 14);
    }
  });
}

TEST_CASE("the vertical pass equals its twin for torch's weights", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    AxisWeightsF64 exact;
    AxisWeights axis;
    for (const Filter filter : {Filter::kBilinear, Filter::kBicubic, Filter::kLanczos}) {
      for (const int in_size : {40, 63, 100, 900, 13000}) {
        FindTorchWeights(in_size, 64, filter, 0, 64, &exact, &axis);
        for (const int i : {0, 1, 30, 63}) {
          const int32_t* from = axis.weights.data() + size_t(i) * size_t(axis.taps);
          Check(target, {from, from + axis.count[size_t(i)]}, 131, 0, axis.precision);
        }
      }
    }
  });
}

TEST_CASE("weights of any size that fit the accumulator blend exactly", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    Samples samples(7);
    for (int round = 0; round < 60; ++round) {
      std::vector<int32_t> weights(size_t(1 + round % 9));
      const int limit = (1 << 23) / int(weights.size()) - 1;
      for (int32_t& w : weights) w = samples.Below(2 * limit) - limit;
      Check(target, weights, 200, 0);
    }
  });
}

}  // namespace
}  // namespace imnorm
