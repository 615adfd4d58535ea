// Contradictions in a layer job.
#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "normalize/layers/normalizer.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

tl::unexpected<Error> Bad(const std::string& what) { return Fail(ErrorCode::kBadArgument, what); }

Result<void> CheckShape(const LayerJob& job) {
  const auto& shape = job.sample_shape;
  if (shape.empty() || shape.size() > 4) {
    return Bad(fmt::format("a sample of shape {} is none of [C], [C, L], [C, H, W], [C, D, H, W]",
                           ShapeText(shape)));
  }
  for (const int64_t side : shape) {
    if (side < 1) return Bad(fmt::format("a sample of shape {} has no elements", ShapeText(shape)));
  }
  // Twice float64's bytes leaves room for every buffer size formed from it.
  auto bytes = DenseBytes(ElementType::kF64, shape);
  if (!bytes) return Bad(bytes.error().message);
  if (shape[0] > std::numeric_limits<int>::max()) return Bad("there are more than 2^31 channels");
  return {};
}

Result<void> CheckNumbers(const LayerJob& job) {
  if (!(job.scale >= 0.0) || !std::isfinite(job.scale)) {
    return Blame("values.scale",
                 fmt::format("`values.scale` {} is not a number above 0", job.scale));
  }
  if (job.quantize && (!(float(job.qscale) > 0.0f) || !std::isfinite(float(job.qscale)))) {
    return Blame("values.qscale",
                 fmt::format("`values.qscale` {} is not a number above 0", job.qscale));
  }
  if (job.quantize && (job.qzero < -128 || job.qzero > 255)) {
    return Blame("values.qzero",
                 fmt::format("`values.qzero` {} is outside the output type", job.qzero));
  }
  return {};
}

Result<void> CheckMethod(const LayerJob& job) {
  const LayerPlan& layer = job.layer;
  const int64_t channels = job.sample_shape[0];
  const bool by_channel = job.method == Method::kBatch || job.method == Method::kInstance;
  if (job.method == Method::kNone || (job.method == Method::kGiven && !job.denormalize)) {
    return Bad("the method is none of batch, layer, instance and group");
  }
  if (job.method == Method::kInstance && !layer.momentum && TracksStatistics(job)) {
    return Blame(
        "layer.momentum",
        "InstanceNorm has no cumulative average in PyTorch; give `layer.momentum` a number");
  }
  if (!job.denormalize) return {};
  if (!job.state_out.empty())
    return Blame("output.state_out", "`denormalize` learns nothing for `output.state_out`");
  if (job.method == Method::kGiven) {
    const auto fits = [&](size_t n) { return n == 1 || int64_t(n) == channels; };
    if (!fits(job.mean.size()) || !fits(job.std.size())) {
      return Blame(
          "values.mean",
          fmt::format(
              "`values.mean` has shape [{}] and `values.std` [{}], the channels have shape [{}]",
              job.mean.size(), job.std.size(), channels));
    }
    return {};
  }
  if (!by_channel) {
    return Blame("denormalize",
                 "`denormalize` needs statistics a channel: `values.mean` and `values.std`, or the "
                 "state of a batch "
                 "or instance layer");
  }
  if (layer.state_in.empty())
    return Blame("denormalize",
                 "`denormalize` needs `layer.state_in`, or `values.mean` and `values.std`");
  return {};
}

}  // namespace

bool TracksStatistics(const LayerJob& job) {
  if (job.denormalize || job.layer.eval) return false;
  if (job.method == Method::kBatch) return true;
  return job.method == Method::kInstance && (!job.layer.state_in.empty() || !job.state_out.empty());
}

Result<void> CheckLayerJob(const LayerJob& job) {
  auto done = CheckShape(job);
  if (done) done = CheckOutputType(job.dtype);
  if (done) done = ValidateLayer(job.layer, job.method, job.sample_shape[0]);
  if (done) done = CheckNumbers(job);
  if (done) done = CheckMethod(job);
  return done;
}

}  // namespace imnorm
