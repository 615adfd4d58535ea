// Reads percentiles and shares off a histogram.
#include "statistics/distribution.h"

#include <cmath>
#include <numeric>

#include "statistics/dyadic.h"

namespace imnorm {
namespace {

constexpr uint64_t kStepsInAll = 100000000;  // 100 percent / kPercentStep

uint64_t Total(const std::vector<uint64_t>& histogram) {
  return std::accumulate(histogram.begin(), histogram.end(), uint64_t{0});
}

// The sample at `rank` (from 0) of all samples in ascending order.
uint64_t SampleAt(const std::vector<uint64_t>& histogram, uint64_t rank) {
  uint64_t below = 0;
  for (size_t value = 0; value < histogram.size(); ++value) {
    below += histogram[value];
    if (rank < below) return value;
  }
  return histogram.size() - 1;
}

}  // namespace

MaybeNumber Percentile(const std::vector<uint64_t>& histogram, double percent, double scale) {
  const uint64_t total = Total(histogram);
  if (total == 0) return std::nullopt;
  const uint64_t steps = uint64_t(std::llround(percent / kPercentStep));
  const Wide place = Wide(total - 1) * steps;
  const uint64_t rank = uint64_t(place / kStepsInAll), part = uint64_t(place % kStepsInAll);
  const uint64_t low = SampleAt(histogram, rank);
  const uint64_t high = part == 0 ? low : SampleAt(histogram, rank + 1);
  const uint64_t numerator = low * kStepsInAll + (high - low) * part;
  return RoundRatio(Dyadic(numerator), Dyadic(kStepsInAll) * Dyadic(scale));
}

Shape ShapeOf(const std::vector<uint64_t>& histogram) {
  const uint64_t total = Total(histogram);
  if (total == 0) return {};
  ExactSum power[5];
  for (size_t value = 0; value < histogram.size(); ++value) {
    const uint64_t square = uint64_t(value) * value;
    power[1].AddProduct(histogram[value], uint64_t(value));
    power[2].AddProduct(histogram[value], square);
    // Values up to 65535: count * value^3 may pass 64 bits, so the count is added in two halves.
    const uint64_t low = histogram[value] & 0xffffffff, high = histogram[value] >> 32;
    power[3].AddProduct(low, square * value);
    power[4].AddProduct(low, square * square);
    if (high == 0) continue;
    power[3].AddProduct(double(high) * 0x1p32, double(square * value));
    power[4].AddProduct(double(high) * 0x1p32, double(square * square >> 32) * 0x1p32);
    power[4].AddProduct(double(high) * 0x1p32, double(square * square & 0xffffffff));
  }
  // With n = total and P_k = sum of v^k, n^k times the k-th central moment's sum over n:
  const Dyadic n(total), a(power[1]), b(power[2]), c(power[3]), d(power[4]);
  const Dyadic two(uint64_t{2}), three(uint64_t{3}), four(uint64_t{4}), six(uint64_t{6});
  const Dyadic m2 = n * b - a * a;
  const Dyadic m3 = n * n * c - three * n * a * b + two * a * a * a;
  const Dyadic m4 =
      n * n * n * d - four * n * n * a * c + six * n * a * a * b - three * a * a * a * a;
  if (m2.IsZero()) return {};
  const double skewness = RoundSqrtRatio(m3 * m3, m2 * m2 * m2);
  return {m3.negative() ? -skewness : skewness, RoundRatio(m4 - three * m2 * m2, m2 * m2)};
}

}  // namespace imnorm
