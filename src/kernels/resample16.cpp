// Resamples 16-bit rows in double.
#include "kernels/resample16.h"

#include <algorithm>
#include <cstring>

namespace imnorm::kernels {
namespace {

// Rows come at any alignment: a 16-bit load through memcpy.
uint16_t Load(const uint8_t* at) {
  uint16_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void Store(double sum, uint8_t* at) {
  const double rounded = sum >= 0.0 ? sum + 0.5 : sum - 0.5;
  const auto value = uint16_t(std::clamp(int(rounded), 0, 65535));
  std::memcpy(at, &value, sizeof value);
}

}  // namespace

void ResampleRow16(const AxisWeightsF64& weights, int in_begin, const uint8_t* in, int channels,
                   uint8_t* out) {
  const size_t pixel = size_t(channels) * 2;
  for (size_t x = 0; x < weights.first.size(); ++x) {
    const double* w = weights.weights.data() + x * size_t(weights.taps);
    const uint8_t* from = in + size_t(weights.first[x] - in_begin) * pixel;
    for (size_t c = 0; c < pixel; c += 2, out += 2) {
      double sum = 0.0;
      for (int t = 0; t < weights.count[x]; ++t) sum += Load(from + size_t(t) * pixel + c) * w[t];
      Store(sum, out);
    }
  }
}

void BlendRows16(const uint8_t* const* rows, const double* weights, int taps, size_t n,
                 uint8_t* out) {
  for (size_t i = 0; i < 2 * n; i += 2) {
    double sum = 0.0;
    for (int t = 0; t < taps; ++t) sum += Load(rows[t] + i) * weights[t];
    Store(sum, out + i);
  }
}

}  // namespace imnorm::kernels
