// Resamples rows of wide samples in double.
#include "kernels/resample_wide.h"

#include <algorithm>
#include <cstring>

namespace imnorm::kernels {
namespace {

// Rows come at any alignment: loads and stores through memcpy.
template <typename T>
T Load(const uint8_t* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

void Store(double sum, uint16_t* at) {
  const double rounded = sum >= 0.0 ? sum + 0.5 : sum - 0.5;
  const auto value = uint16_t(std::clamp(int(rounded), 0, 65535));
  std::memcpy(at, &value, sizeof value);
}

void Store(double sum, float* at) {
  const auto value = float(sum);
  std::memcpy(at, &value, sizeof value);
}

template <typename T>
void ResampleRow(const AxisWeightsF64& weights, int in_begin, const uint8_t* in, int channels,
                 uint8_t* out) {
  const size_t pixel = size_t(channels) * sizeof(T);
  for (size_t x = 0; x < weights.first.size(); ++x) {
    const double* w = weights.weights.data() + x * size_t(weights.taps);
    const uint8_t* from = in + size_t(weights.first[x] - in_begin) * pixel;
    for (size_t c = 0; c < pixel; c += sizeof(T), out += sizeof(T)) {
      double sum = 0.0;
      for (int t = 0; t < weights.count[x]; ++t) {
        sum += double(Load<T>(from + size_t(t) * pixel + c)) * w[t];
      }
      Store(sum, reinterpret_cast<T*>(out));
    }
  }
}

template <typename T>
void BlendRows(const uint8_t* const* rows, const double* weights, int taps, size_t n,
               uint8_t* out) {
  for (size_t i = 0; i < n * sizeof(T); i += sizeof(T)) {
    double sum = 0.0;
    for (int t = 0; t < taps; ++t) sum += double(Load<T>(rows[t] + i)) * weights[t];
    Store(sum, reinterpret_cast<T*>(out + i));
  }
}

}  // namespace

void ResampleRowWide(ElementType type, const AxisWeightsF64& weights, int in_begin,
                     const uint8_t* in, int channels, uint8_t* out) {
  const auto resample = type == ElementType::kF32 ? ResampleRow<float> : ResampleRow<uint16_t>;
  resample(weights, in_begin, in, channels, out);
}

void BlendRowsWide(ElementType type, const uint8_t* const* rows, const double* weights, int taps,
                   size_t n, uint8_t* out) {
  const auto blend = type == ElementType::kF32 ? BlendRows<float> : BlendRows<uint16_t>;
  blend(rows, weights, taps, n, out);
}

}  // namespace imnorm::kernels
