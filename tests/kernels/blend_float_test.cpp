// Float sums against their plain twin, and the way back to bytes.
#include "kernels/blend_float.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using testing::ForEachTarget;
using testing::Samples;

constexpr float kGuard = -12345.0f;

void Check(const std::string& target, int taps, size_t n, size_t misalign, uint64_t seed) {
  Samples samples(seed);
  std::vector<std::vector<float>> rows(size_t(taps), std::vector<float>(n + misalign));
  std::vector<const float*> pointers;
  for (auto& row : rows) {
    for (float& value : row) value = float(samples.Byte()) * 1.0000001f;
    pointers.push_back(row.data() + misalign);
  }
  std::vector<float> weights;
  for (int t = 0; t < taps; ++t) weights.push_back(float(samples.Below(2000) - 700) / 1999.0f);
  std::vector<float> expected(n), actual(n + misalign + 1, kGuard);
  kernels::reference::BlendFloats(pointers.data(), weights.data(), taps, n, expected.data());
  kernels::BlendFloats(pointers.data(), weights.data(), taps, n, actual.data() + misalign);
  INFO(target << ": taps " << taps << ", samples " << n << ", misalign " << misalign);
  CHECK(std::equal(expected.begin(), expected.end(), actual.begin() + ptrdiff_t(misalign)));
  CHECK(actual.back() == kGuard);
  if (misalign > 0) CHECK(actual[misalign - 1] == kGuard);
}

}  // namespace

TEST_CASE("float sums equal their twin's at every length and number of taps", "[kernels]") {
  ForEachTarget([](const std::string& target) {
    for (size_t n = 1; n <= 2 * 16 + 3; ++n) {
      for (int taps = 1; taps <= 11; ++taps) Check(target, taps, n, n % 3, n * 100 + size_t(taps));
    }
    Check(target, 401, 672, 1, 7);
  });
}

TEST_CASE("the last taps of a float sum are fused, the others are not", "[kernels]") {
  // The product 1 + 2^-23 times itself ends in 2^-46, which only a fused sum sees.
  const float x = 1.0f + std::numeric_limits<float>::epsilon();
  const float product = x * x;
  ForEachTarget([&](const std::string&) {
    for (const int taps : {2, 3, 4, 5, 6}) {
      std::vector<float> row(16, x), zero(16, 0.0f), first(16, -product), out(16);
      std::vector<const float*> rows(size_t(taps), zero.data());
      std::vector<float> weights(size_t(taps), x);
      rows[0] = first.data();
      weights[0] = 1.0f;
      rows[1] = row.data();
      kernels::BlendFloats(rows.data(), weights.data(), taps, 16, out.data());
      const float rest = std::fma(x, x, -product);
      REQUIRE(rest != 0.0f);
      CHECK(out[3] == (taps <= 4 ? rest : 0.0f));
    }
  });
}

TEST_CASE("floats become bytes half to even, within the bytes", "[kernels]") {
  std::vector<float> values;
  std::vector<uint8_t> expected, bytes;
  for (int quarter = -40; quarter <= 4 * 265; ++quarter) {
    const float value = float(quarter) / 4.0f;
    for (const float near : {std::nextafter(value, -1e9f), value, std::nextafter(value, 1e9f)}) {
      values.push_back(near);
      expected.push_back(uint8_t(std::nearbyint(std::clamp(near, 0.0f, 255.0f))));
    }
  }
  bytes.resize(values.size());
  kernels::RoundToBytes(values.data(), values.size(), bytes.data());
  CHECK(bytes == expected);
}

}  // namespace imnorm
