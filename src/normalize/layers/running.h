// Running statistics: what a layer keeps between batches.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/layers.h"

namespace imnorm {

// One a channel, on the scale of the layer's values.
//
// Source:   torch/nn/modules/batchnorm.py and instancenorm.py; ATen/native/Normalization.cpp
struct RunningStatistics {
  std::vector<float> mean;
  std::vector<float> variance;
  int64_t batches = 0;
};

// Mean 0 and variance 1, as a new PyTorch layer.
RunningStatistics NewRunningStatistics(size_t channels);

// Errors:   kBadConfig: tensors missing or of the wrong shape or type
Result<RunningStatistics> RunningFromState(const std::map<std::string, Tensor>& state,
                                           int64_t channels);

// What a batch adds to the running statistics: sums over `sets` of mean and unbiased variance.
struct PendingStatistics {
  std::vector<double> mean;
  std::vector<double> variance;
  int64_t sets = 0;
};

// running = (1 - momentum) * running + momentum * pending / sets, rounded to float32 as PyTorch
// does after every batch, so that a run continued from a saved state goes on with the same bits.
void StepRunning(double momentum, PendingStatistics& pending, RunningStatistics& running);

}  // namespace imnorm
