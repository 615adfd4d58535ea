// The plain twins of the layer kernels: the judge, and the fallback where there are no vectors.
#include "imnorm/values.h"
#include "kernels/layer_kernels.h"

namespace imnorm::kernels::reference {

LayerSums LayerBlockSums(const float* in, size_t n, double pivot) {
  double sum[kLayerLanes] = {};
  double squares[kLayerLanes] = {};
  for (size_t i = 0; i < n; ++i) {
    const double deviation = double(in[i]) - pivot;
    sum[i % kLayerLanes] += deviation;
    squares[i % kLayerLanes] += deviation * deviation;
  }
  for (size_t half = kLayerLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) {
      sum[i] += sum[i + half];
      squares[i] += squares[i + half];
    }
  }
  return {sum[0], squares[0]};
}

void LayerByteSums(const uint8_t* in, size_t n, uint64_t out[2]) {
  uint64_t sum = 0;
  uint64_t squares = 0;
  for (size_t i = 0; i < n; ++i) {
    sum += in[i];
    squares += uint64_t(in[i]) * in[i];
  }
  out[0] = sum;
  out[1] = squares;
}

void LayerApply(const float* in, size_t n, LayerLine line, float* out) {
  for (size_t i = 0; i < n; ++i) {
    out[i] = float((double(in[i]) - line.center) * line.factor + line.offset);
  }
}

void LayerApplyElements(const float* in, size_t n, LayerLine line, const float* gamma,
                        const float* beta, float* out) {
  for (size_t i = 0; i < n; ++i) {
    const double normal = (double(in[i]) - line.center) * line.factor + line.offset;
    out[i] = float(normal * double(gamma[i]) + double(beta[i]));
  }
}

void LayerFromU8(const uint8_t* in, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) out[i] = float(in[i]);
}

void LayerFromF16(const uint16_t* in, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) out[i] = FloatFromFloat16Bits(in[i]);
}

void LayerFromBF16(const uint16_t* in, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) out[i] = FloatFromBFloat16Bits(in[i]);
}

void LayerToF16(const float* in, size_t n, uint16_t* out) {
  for (size_t i = 0; i < n; ++i) out[i] = Float16Bits(in[i]);
}

void LayerToBF16(const float* in, size_t n, uint16_t* out) {
  for (size_t i = 0; i < n; ++i) out[i] = BFloat16Bits(in[i]);
}

}  // namespace imnorm::kernels::reference
