// Reads running statistics from a state.
#include "normalize/layers/running.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "normalize/layers/affine.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

Result<int64_t> BatchesOf(const std::map<std::string, Tensor>& state) {
  const auto found = state.find("num_batches_tracked");
  if (found == state.end()) return 0;  // layers saved before PyTorch 0.4.1 have none
  const Tensor& tensor = found->second;
  if (tensor.type != ElementType::kI64 || tensor.elements() != 1) {
    return Fail(ErrorCode::kBadConfig,
                fmt::format("num_batches_tracked is {} of shape {}, one int64 is needed",
                            ElementTypeName(tensor.type), ShapeText(tensor.shape)));
  }
  int64_t batches = 0;
  std::memcpy(&batches, tensor.bytes.data(), sizeof batches);
  if (batches < 0 || batches == INT64_MAX) {
    return Fail(ErrorCode::kBadConfig, fmt::format("num_batches_tracked is {}", batches));
  }
  return batches;
}

}  // namespace

RunningStatistics NewRunningStatistics(size_t channels) {
  return {std::vector<float>(channels, 0.0f), std::vector<float>(channels, 1.0f), 0};
}

Result<RunningStatistics> RunningFromState(const std::map<std::string, Tensor>& state,
                                           int64_t channels) {
  auto mean = FloatsOf(state, "running_mean", {channels});
  if (!mean) return Failed(mean);
  auto variance = FloatsOf(state, "running_var", {channels});
  if (!variance) return Failed(variance);
  if (std::any_of(variance->begin(), variance->end(), [](float v) { return v < 0.0f; })) {
    return Fail(ErrorCode::kBadConfig, "running_var holds a negative variance");
  }
  const auto batches = BatchesOf(state);
  if (!batches) return Failed(batches);
  return RunningStatistics{std::move(*mean), std::move(*variance), *batches};
}

void StepRunning(double momentum, PendingStatistics& pending, RunningStatistics& running) {
  const auto step = [&](float& kept, double sum) {
    kept = float(momentum * (sum / double(pending.sets)) + (1.0 - momentum) * double(kept));
  };
  for (size_t c = 0; c < running.mean.size(); ++c) {
    step(running.mean[c], pending.mean[c]);
    step(running.variance[c], pending.variance[c]);
  }
  pending = {};
}

}  // namespace imnorm
