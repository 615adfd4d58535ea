// Application: y = (x - center) * factor + offset in float64, block by block.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "kernels/layer_kernels.h"
#include "normalize/layers/elements.h"
#include "normalize/layers/normalizer.h"
#include "normalize/layers/wide.h"

namespace imnorm {
namespace {

struct ElementAffine {
  const float* gamma = nullptr;
  const float* beta = nullptr;
};

// Where a NaN is among the statistics every output is one. Its sign and payload would depend on
// which operand the CPU takes them from, so one is chosen.
void FillNaN(size_t n, float* out) { std::fill_n(out, n, std::bit_cast<float>(0x7fc00000u)); }
void FillNaN(size_t n, double* out) {
  std::fill_n(out, n, std::bit_cast<double>(0x7ff8000000000000u));
}

bool HasNaN(const kernels::LayerLine& line) {
  return std::isnan(line.center) || std::isnan(line.factor) || std::isnan(line.offset);
}

void ApplyWideBlocks(const LayerJob& job, const uint8_t* in, size_t n,
                     const kernels::LayerLine& line, ElementAffine affine, uint8_t* out,
                     ValueCounts& met) {
  const bool nan = HasNaN(line);
  alignas(64) double scratch[kLayerBlock];
  alignas(64) double results[kLayerBlock];
  for (size_t i = 0; i < n; i += kLayerBlock) {
    const size_t part = std::min(kLayerBlock, n - i);
    const double* values = AsFloat64(job.input, in + i * ElementBytes(job.input), part, scratch);
    met.not_finite += CountNotFinite(values, part);
    if (nan) {
      FillNaN(part, results);
    } else {
      const bool each = affine.gamma != nullptr;
      ApplyWide(values, part, line, each ? affine.gamma + i : nullptr,
                each ? affine.beta + i : nullptr, results);
    }
    ValueCounts lost;
    StoreWide(job, values, results, part, out + i * ElementBytes(job.dtype), lost);
    // Where the mean is no number some sample was none, which is told by itself.
    if (!std::isfinite(line.center)) lost.overflowed = 0;
    met += lost;
  }
}

void ApplyBlocks(const LayerJob& job, const uint8_t* in, size_t n, const kernels::LayerLine& line,
                 ElementAffine affine, uint8_t* out, ValueCounts& met) {
  if (IsWide(job)) return ApplyWideBlocks(job, in, n, line, affine, out, met);
  const size_t in_bytes = ElementBytes(job.input);
  const size_t out_bytes = ElementBytes(job.dtype);
  const bool nan = HasNaN(line);
  alignas(64) float scratch[kLayerBlock];
  for (size_t i = 0; i < n; i += kLayerBlock) {
    const size_t part = std::min(kLayerBlock, n - i);
    const float* values = AsFloat32(job.input, in + i * in_bytes, part, scratch);
    if (job.input != ElementType::kU8) met.not_finite += CountNotFinite(values, part);
    alignas(64) float results[kLayerBlock];
    float* to = job.dtype == ElementType::kF32 ? reinterpret_cast<float*>(out) + i : results;
    if (nan) {
      FillNaN(part, to);
    } else if (affine.gamma != nullptr) {
      kernels::LayerApplyElements(values, part, line, affine.gamma + i, affine.beta + i, to);
    } else {
      kernels::LayerApply(values, part, line, to);
    }
    // Where the mean is no number some sample was none, which is told by itself.
    if (std::isfinite(line.center)) met.overflowed += NonFiniteResults(values, to, part);
    if (to != results) continue;
    CountLost(job, results, part, met);
    StoreElements(job, results, part, out + i * out_bytes);
  }
}

double AtChannel(const std::vector<double>& values, int64_t c) {
  return values[values.size() == 1 ? 0 : size_t(c)];
}

}  // namespace

kernels::LayerLine LayerNormalizer::Impl::LineOf(int64_t c, const Moments* set) const {
  kernels::LayerLine line;
  if (job.method == Method::kGiven) {
    line.center = 0.0;
    line.factor = AtChannel(job.std, c) * job.output_scale / scale;
    line.offset = AtChannel(job.mean, c) * job.output_scale;
    return line;
  }
  const double weight = affine.per_element ? 1.0 : double(gamma(c));
  const double bias = affine.per_element ? 0.0 : double(beta(c));
  if (by_state) {
    const double mean = running.mean[size_t(c)];
    const double deviation = std::sqrt(double(running.variance[size_t(c)]) + job.layer.eps);
    if (job.denormalize) {
      line.center = bias * scale;
      line.factor = deviation / weight * job.output_scale / scale;
      line.offset = mean * job.output_scale;
    } else {
      line.center = mean * scale;
      line.factor = weight / (deviation * scale);
      line.offset = bias;
    }
    return line;
  }
  // eps joins the variance on the scale of the values; the rest happens on that of the samples. The
  // low part of the mean goes into the offset, so that x near the mean loses nothing.
  const Moments::Mean mean = set->mean();
  const double deviation = std::sqrt(set->variance() / (scale * scale) + job.layer.eps);
  line.center = mean.high;
  line.factor = weight / (deviation * scale);
  line.offset = bias - mean.low * line.factor;
  return line;
}

void LayerNormalizer::Impl::ApplyChannels(const uint8_t* in, int64_t begin, int64_t end,
                                          const Moments* set, uint8_t* out) const {
  ValueCounts met;
  const size_t in_plane = size_t(plane) * ElementBytes(job.input);
  const size_t out_plane = size_t(plane) * ElementBytes(job.dtype);
  const bool one_line =
      !by_state && job.method != Method::kGiven && (!affine.given || affine.per_element);
  if (one_line) {
    ElementAffine elements;
    if (affine.given) {
      elements.gamma = affine.gamma.data() + begin * plane;
      elements.beta = affine.beta.data() + begin * plane;
    }
    ApplyBlocks(job, in + size_t(begin) * in_plane, size_t((end - begin) * plane),
                LineOf(begin, set), elements, out + size_t(begin) * out_plane, met);
    return Count(met);
  }
  for (int64_t c = begin; c < end; ++c) {
    ApplyBlocks(job, in + size_t(c) * in_plane, size_t(plane), LineOf(c, set), {},
                out + size_t(c) * out_plane, met);
  }
  Count(met);
}

void LayerNormalizer::Impl::ApplySample(const uint8_t* in, const Moments* moments,
                                        uint8_t* out) const {
  const bool interleave = job.layout == Layout::kNhwc && channels > 1 && plane > 1;
  std::vector<uint8_t> planes;
  if (interleave) planes.resize(size_t(channels * plane) * ElementBytes(job.dtype));
  uint8_t* to = interleave ? planes.data() : out;
  const int64_t step = channels / sets;
  for (int s = 0; s < sets; ++s) {
    ApplyChannels(in, s * step, (s + 1) * step, moments == nullptr ? nullptr : moments + s, to);
  }
  if (interleave) InterleavePlanes(to, channels, plane, ElementBytes(job.dtype), out);
}

void LayerNormalizer::Apply(const void* in, int64_t count, const Moments* moments,
                            void* out) const {
  const uint8_t* from = static_cast<const uint8_t*>(in);
  uint8_t* to = static_cast<uint8_t*>(out);
  const int64_t step = over_batch() ? 0 : impl_->sets;  // a batch's moments serve all its samples
  for (int64_t n = 0; n < count; ++n) {
    impl_->ApplySample(from, moments, to);
    from += sample_in_bytes();
    to += sample_out_bytes();
    if (moments != nullptr) moments += step;
  }
}

void LayerNormalizer::Impl::Count(const ValueCounts& met) const {
  if (met == ValueCounts()) return;  // nearly always
  const std::lock_guard lock(counts_mutex);
  counts += met;
}

ValueCounts LayerNormalizer::counts() const {
  const std::lock_guard lock(impl_->counts_mutex);
  return impl_->counts;
}

Result<ValueTable> LayerNormalizer::TableFor(const Moments* moments) const {
  if (impl_->affine.given && impl_->affine.per_element) {
    return Fail(ErrorCode::kUnsupported,
                "layer normalisation with affine parameters has no table: they differ by element");
  }
  ValueTable table;
  table.dtype = impl_->job.dtype;
  table.channels = int(impl_->channels);
  const size_t bytes = size_t(table.levels) * ElementBytes(table.dtype);
  table.elements.resize(size_t(table.channels) * bytes);
  uint8_t levels[256];
  for (int v = 0; v < 256; ++v) levels[v] = uint8_t(v);
  LayerJob job = impl_->job;
  job.input = ElementType::kU8;
  ValueCounts levels_met;  // of levels, not of samples: nobody's
  for (int64_t c = 0; c < impl_->channels; ++c) {
    const Moments* set =
        moments == nullptr ? nullptr : moments + c / (impl_->channels / impl_->sets);
    ApplyBlocks(job, levels, 256, impl_->LineOf(c, set), {},
                table.elements.data() + size_t(c) * bytes, levels_met);
  }
  return table;
}

}  // namespace imnorm
