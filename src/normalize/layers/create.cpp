// Setting a layer up, and what it says of itself.
#include <fmt/format.h>

#include "normalize/layers/normalizer.h"
#include "normalize/layers/state_file.h"

namespace imnorm {
namespace {

int SetsOf(const LayerJob& job) {
  switch (job.method) {
    case Method::kLayer:
      return 1;
    case Method::kGroup:
      return job.layer.groups;
    default:
      return int(job.sample_shape[0]);
  }
}

Result<std::map<std::string, Tensor>> LoadState(const LayerJob& job) {
  if (job.state) return *job.state;
  if (job.layer.state_in.empty()) return std::map<std::string, Tensor>{};
  return ReadLayerTensors(job.layer.state_in, job.layer.state_prefix);
}

Result<void> CheckInvertible(const LayerJob& job, const Affine& affine) {
  if (!job.denormalize) return {};
  for (size_t c = 0; c < affine.gamma.size(); ++c) {
    if (affine.gamma[c] == 0.0f) {
      return Fail(ErrorCode::kBadConfig,
                  fmt::format("weight is 0 for channel {}: nothing can be brought back", c));
    }
  }
  return {};
}

}  // namespace

Result<LayerNormalizer> LayerNormalizer::Create(const LayerJob& job) {
  auto checked = CheckLayerJob(job);
  if (!checked) return Failed(checked);
  auto impl = std::make_unique<Impl>();
  impl->job = job;
  impl->channels = job.sample_shape[0];
  impl->plane = 1;
  for (size_t i = 1; i < job.sample_shape.size(); ++i) impl->plane *= job.sample_shape[i];
  impl->sets = SetsOf(job);
  impl->scale = job.scale > 0.0 ? job.scale : UsualScale(job.input);
  impl->tracks = TracksStatistics(job);

  const auto state = LoadState(job);
  if (!state) return Failed(state);
  const bool by_channel = job.method == Method::kBatch || job.method == Method::kInstance;
  impl->running = NewRunningStatistics(size_t(impl->channels));
  if (by_channel && !job.layer.state_in.empty()) {
    auto running = RunningFromState(*state, impl->channels);
    if (!running) return Prefixed(job.layer.state_in, running.error());
    impl->running = std::move(*running);
    impl->by_state = job.layer.eval || job.denormalize;
  } else if (!by_channel && !job.layer.state_in.empty() && state->count("weight") == 0) {
    return Fail(ErrorCode::kBadConfig,
                job.layer.state_in + ": it holds no weight, and this layer has no other state");
  }
  if (job.method != Method::kGiven) {
    auto affine = LoadAffine(job, *state);
    if (!affine) return Failed(affine);
    auto invertible = CheckInvertible(job, *affine);
    if (!invertible) return Failed(invertible);
    impl->affine = std::move(*affine);
  }
  if (!by_channel && !job.state_out.empty() && !impl->affine.given) {
    return Blame(
        "output.state_out",
        "`output.state_out` would be empty: this method keeps no running statistics, and no affine "
        "parameters were given");
  }
  return LayerNormalizer(std::move(impl));
}

LayerNormalizer::LayerNormalizer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
LayerNormalizer::LayerNormalizer(LayerNormalizer&&) noexcept = default;
LayerNormalizer& LayerNormalizer::operator=(LayerNormalizer&&) noexcept = default;
LayerNormalizer::~LayerNormalizer() = default;

int64_t LayerNormalizer::channels() const { return impl_->channels; }
int64_t LayerNormalizer::plane() const { return impl_->plane; }
int LayerNormalizer::sets() const { return impl_->sets; }
double LayerNormalizer::scale() const { return impl_->scale; }

size_t LayerNormalizer::sample_in_bytes() const {
  return size_t(impl_->channels * impl_->plane) * ElementBytes(impl_->job.input);
}

size_t LayerNormalizer::sample_out_bytes() const {
  return size_t(impl_->channels * impl_->plane) * ElementBytes(impl_->job.dtype);
}

bool LayerNormalizer::needs_moments() const {
  return !impl_->by_state && impl_->job.method != Method::kGiven;
}

bool LayerNormalizer::over_batch() const {
  return needs_moments() && impl_->job.method == Method::kBatch;
}

}  // namespace imnorm
