// Statistics: one pass over the samples, block by block.
#include <algorithm>

#include "kernels/layer_kernels.h"
#include "normalize/layers/elements.h"
#include "normalize/layers/normalizer.h"
#include "normalize/layers/wide.h"

namespace imnorm {
namespace {

// One pass in float64 over deviations from the block's first element, m. Because m is itself one of
// the n values, n * (m - mean)^2 is at most n times the sum of squared deviations: taking it away
// costs at most log2(kLayerBlock) = 12 of 53 bits, whatever the data.
Moments MomentsOfBlock(const float* values, size_t n) {
  const double pivot = values[0];
  const kernels::LayerSums sums = kernels::LayerBlockSums(values, n, pivot);
  const double count = double(n);
  const double shift = sums.sum / count;
  return {count, pivot, shift, std::max(sums.sum_squares - sums.sum * shift, 0.0)};
}

}  // namespace

Moments LayerNormalizer::Impl::MeasureSet(const uint8_t* in) const {
  const size_t n = set_elements();
  if (job.input == ElementType::kU8) {
    uint64_t sums[2];
    kernels::LayerByteSums(in, n, sums);
    return Moments::OfIntegers(n, sums[0], sums[1]);
  }
  const size_t element_bytes = ElementBytes(job.input);
  Moments moments;
  if (IsWide(job)) {
    alignas(64) double wide[kLayerBlock];
    for (size_t i = 0; i < n; i += kLayerBlock) {
      const size_t part = std::min(kLayerBlock, n - i);
      moments.Merge(
          MomentsOfWideBlock(AsFloat64(job.input, in + i * element_bytes, part, wide), part));
    }
    return moments;
  }
  alignas(64) float scratch[kLayerBlock];
  for (size_t i = 0; i < n; i += kLayerBlock) {
    const size_t part = std::min(kLayerBlock, n - i);
    const float* values = AsFloat32(job.input, in + i * element_bytes, part, scratch);
    moments.Merge(MomentsOfBlock(values, part));
  }
  return moments;
}

void LayerNormalizer::Measure(const void* samples, int64_t count, Moments* out) const {
  const uint8_t* in = static_cast<const uint8_t*>(samples);
  const size_t set_bytes = impl_->set_elements() * ElementBytes(impl_->job.input);
  const int64_t sets = count * impl_->sets;
  for (int64_t i = 0; i < sets; ++i) out[i] = impl_->MeasureSet(in + size_t(i) * set_bytes);
}

void LayerNormalizer::MergeBatch(const Moments* samples, int64_t count, Moments* batch) const {
  for (int64_t n = 0; n < count; ++n) {
    for (int64_t c = 0; c < impl_->channels; ++c) batch[c].Merge(*samples++);
  }
}

}  // namespace imnorm
