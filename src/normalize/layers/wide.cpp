// Plain loops over float64: twice the bytes of float32, so memory is what they wait for.
#include "normalize/layers/wide.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "normalize/layers/elements.h"

namespace imnorm {
namespace {

template <typename T>
const double* Widened(const uint8_t* in, size_t n, double* scratch) {
  const T* from = reinterpret_cast<const T*>(in);
  for (size_t i = 0; i < n; ++i) scratch[i] = double(from[i]);
  return scratch;
}

template <typename T>
size_t CountMadeInfinite(const double* values, const T* results, size_t n) {
  size_t made = 0;
  for (size_t i = 0; i < n; ++i) {
    made += size_t(std::isfinite(values[i])) & size_t(!std::isfinite(results[i]));
  }
  return made;
}

}  // namespace

const double* AsFloat64(ElementType type, const uint8_t* in, size_t n, double* scratch) {
  switch (type) {
    case ElementType::kF64:
      return reinterpret_cast<const double*>(in);
    case ElementType::kI32:
      return Widened<int32_t>(in, n, scratch);
    case ElementType::kI64:
      return Widened<int64_t>(in, n, scratch);
    default: {
      alignas(64) float narrow[kLayerBlock];
      const float* from = AsFloat32(type, in, n, narrow);
      std::copy_n(from, n, scratch);
      return scratch;
    }
  }
}

size_t CountNotFinite(const double* values, size_t n) {
  size_t finite = 0;
  for (size_t i = 0; i < n; ++i) {
    finite += size_t(std::fabs(values[i]) <= std::numeric_limits<double>::max());
  }
  return n - finite;
}

namespace {

Moments MomentsAround(double pivot, const double* values, size_t n) {
  double sum[kernels::kLayerLanes] = {};
  double squares[kernels::kLayerLanes] = {};
  for (size_t i = 0; i < n; ++i) {
    const double deviation = values[i] - pivot;
    sum[i % kernels::kLayerLanes] += deviation;
    squares[i % kernels::kLayerLanes] += deviation * deviation;
  }
  for (size_t half = kernels::kLayerLanes / 2; half > 0; half /= 2) {
    for (size_t i = 0; i < half; ++i) {
      sum[i] += sum[i + half];
      squares[i] += squares[i + half];
    }
  }
  const double count = double(n);
  const double shift = sum[0] / count;
  return {count, pivot, shift, std::max(squares[0] - sum[0] * shift, 0.0)};
}

}  // namespace

// As of float32, with the pivot's reasons; there what stands between pivot and mean is exact, here
// it is rounded to 53 bits. So the pivot is moved next to the mean: between a first value of some
// deviations away and the mean the variance would lose some bits.
Moments MomentsOfWideBlock(const double* values, size_t n) {
  const Moments first = MomentsAround(values[0], values, n);
  const double near = first.mean().high;
  return std::isfinite(near) ? MomentsAround(near, values, n) : first;
}

void ApplyWide(const double* in, size_t n, const kernels::LayerLine& line, const float* gamma,
               const float* beta, double* out) {
  for (size_t i = 0; i < n; ++i) out[i] = (in[i] - line.center) * line.factor + line.offset;
  if (gamma == nullptr) return;
  for (size_t i = 0; i < n; ++i) out[i] = out[i] * double(gamma[i]) + double(beta[i]);
}

void StoreWide(const LayerJob& job, const double* values, const double* results, size_t n,
               uint8_t* out, ValueCounts& met) {
  if (job.dtype == ElementType::kF64) {
    met.overflowed += CountMadeInfinite(values, results, n);
    std::memcpy(out, results, n * sizeof(double));
    return;
  }
  alignas(64) float narrow[kLayerBlock];
  for (size_t i = 0; i < n; ++i) narrow[i] = float(results[i]);
  met.overflowed += CountMadeInfinite(values, narrow, n);
  CountLost(job, narrow, n, met);
  StoreElements(job, narrow, n, out);
}

}  // namespace imnorm
