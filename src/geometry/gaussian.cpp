// Repeats torch's arithmetic for the taps of a blur, rounding by rounding.
#include "geometry/gaussian.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace imnorm {
namespace {

constexpr size_t kLanes = 16;

// Sleef's expf_u10 of what is not above 0.
float Exp(float d) {
  if (d < -104.0f) return 0.0f;
  const float q = std::nearbyint(d * 1.4426950408889634f);
  float s = std::fma(q, -0.693145751953125f, d);
  s = std::fma(q, -1.428606765330187045e-06f, s);
  float u = 0.000198527617612853646f;
  for (const float c : {0.00139304355252534151f, 0.00833336077630519867f, 0.0416664853692054749f,
                        0.16666667163372040f, 0.5f}) {
    u = std::fma(u, s, c);
  }
  u = 1.0f + std::fma(s * s, u, s);
  return std::ldexp(u, int(q));
}

// Lane by lane, then halves onto halves; what is shorter than the lanes in order.
float Sum(const std::vector<float>& values) {
  if (values.size() < kLanes) {
    float sum = 0.0f;
    for (const float value : values) sum += value;
    return sum;
  }
  float lanes[kLanes];
  std::copy_n(values.begin(), kLanes, lanes);
  for (size_t i = kLanes; i < values.size(); ++i) lanes[i % kLanes] += values[i];
  for (size_t half = kLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) lanes[i] += lanes[i + half];
  }
  return lanes[0];
}

}  // namespace

std::vector<float> GaussianTaps(float sigma) {
  const int count = 2 * int(std::ceil(3.0f * sigma)) + 1;
  const float end = float(count - 1) / float(2.0 * std::numbers::sqrt2);
  const float step = (end + end) / float(count - 1);
  std::vector<float> taps;
  for (int i = 0; i < count; ++i) {
    const float x =
        i < count / 2 ? std::fma(step, float(i), -end) : std::fma(-step, float(count - 1 - i), end);
    const float z = x / sigma;
    taps.push_back(-(z * z));
  }
  const float largest = *std::ranges::max_element(taps);
  for (float& tap : taps) tap = Exp(tap - largest);
  const float inverse = 1.0f / Sum(taps);
  for (float& tap : taps) tap *= inverse;
  return taps;
}

}  // namespace imnorm
