// What outlives a batch: running statistics and the state file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "normalize/layers/normalizer.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

Result<void> LayerNormalizer::CheckBatch(int64_t count) const {
  if (!needs_moments()) return {};
  const LayerJob& job = impl_->job;
  std::vector<int64_t> shape = job.sample_shape;
  shape.insert(shape.begin(), count);
  int64_t values = impl_->plane;
  const char* remedy = "normalise more than one sample a batch, or use `layer.eval`";
  if (job.method == Method::kBatch) values *= count;
  if (job.method == Method::kInstance) remedy = "instance normalisation needs planes, not points";
  // PyTorch lets groups of one value pass unless the whole batch is one: they come out as beta.
  if (job.method == Method::kGroup) values = count * impl_->channels / impl_->sets * impl_->plane;
  if (job.method == Method::kLayer || values > 1) return {};
  return Fail(
      ErrorCode::kBadArgument,
      fmt::format("a batch of shape {} has one value per channel, whose variance is nothing; "
                  "{}",
                  ShapeText(shape), remedy));
}

void LayerNormalizer::Track(const Moments* moments, int64_t count) {
  if (!impl_->tracks) return;
  PendingStatistics& pending = impl_->pending;
  pending.mean.resize(size_t(impl_->channels));
  pending.variance.resize(size_t(impl_->channels));
  const double scale = impl_->scale;
  for (int64_t n = 0; n < count; ++n) {
    for (size_t c = 0; c < pending.mean.size(); ++c, ++moments) {
      pending.mean[c] += moments->mean().high / scale;
      pending.variance[c] += moments->unbiased_variance() / (scale * scale);
    }
  }
  pending.sets += count;
}

void LayerNormalizer::EndBatch() {
  if (!impl_->tracks || impl_->pending.sets == 0) return;
  if (impl_->job.method == Method::kBatch) ++impl_->running.batches;
  const double momentum = impl_->job.layer.momentum.value_or(1.0 / double(impl_->running.batches));
  StepRunning(momentum, impl_->pending, impl_->running);
}

std::vector<std::pair<std::string, Tensor>> LayerNormalizer::State() const {
  std::vector<std::pair<std::string, Tensor>> state;
  const Affine& affine = impl_->affine;
  if (affine.given) {
    state.emplace_back("weight", FloatTensor(affine.gamma, affine.shape));
    state.emplace_back("bias", FloatTensor(affine.beta, affine.shape));
  }
  if (impl_->job.method != Method::kBatch && impl_->job.method != Method::kInstance) return state;
  const RunningStatistics& running = impl_->running;
  state.emplace_back("running_mean", FloatTensor(running.mean, {impl_->channels}));
  state.emplace_back("running_var", FloatTensor(running.variance, {impl_->channels}));
  Tensor batches{ElementType::kI64, {}, std::vector<uint8_t>(sizeof running.batches)};
  std::memcpy(batches.bytes.data(), &running.batches, sizeof running.batches);
  state.emplace_back("num_batches_tracked", std::move(batches));
  return state;
}

bool LayerNormalizer::running_finite() const {
  const auto finite = [](float value) { return std::isfinite(value); };
  const RunningStatistics& running = impl_->running;
  return std::all_of(running.mean.begin(), running.mean.end(), finite) &&
         std::all_of(running.variance.begin(), running.variance.end(), finite);
}

Result<void> LayerNormalizer::SaveState() const {
  if (impl_->job.state_out.empty()) return {};
  return WriteSafetensors(impl_->job.state_out, State());
}

}  // namespace imnorm
