// Layers whose input or output is float64: nothing is rounded to float32 on the way.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/layers.h"
#include "kernels/layer_kernels.h"

namespace imnorm {

// Whether a job's elements stay float64.
constexpr bool IsWide(const LayerJob& job) {
  return job.input == ElementType::kF64 || job.dtype == ElementType::kF64;
}

// `n` elements at `in`, at most kLayerBlock, as float64: converted to `scratch`, or in place.
const double* AsFloat64(ElementType type, const uint8_t* in, size_t n, double* scratch);

// How many of `n` values are NaN or infinite.
size_t CountNotFinite(const double* values, size_t n);

// The moments of a block of at most kLayerBlock values.
Moments MomentsOfWideBlock(const double* values, size_t n);

// y = (x - center) * factor + offset, and where gamma is not null y * gamma[i] + beta[i].
void ApplyWide(const double* in, size_t n, const kernels::LayerLine& line, const float* gamma,
               const float* beta, double* out);

// Writes `n` values, at most kLayerBlock, as the job's output elements: to anything but float64
// through float32. Counts in `met` those that became infinite, or the type's end, on the way.
void StoreWide(const LayerJob& job, const double* values, const double* results, size_t n,
               uint8_t* out, ValueCounts& met);

}  // namespace imnorm
