// The samples of a tensor -> rows, by given mean and std.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "imnorm/layers.h"
#include "pipeline/row_source.h"

namespace imnorm {

// Numbers:  float32(x) / float32(scale), minus float32(mean), over float32(std), each step rounded:
//           torchvision's order; in float64 where input or output is float64
class TensorRows : public RowSource {
 public:
  // `samples` and `job` outlive it; the values fit the job's channels.
  TensorRows(TensorSamples& samples, const LayerJob& job, const ValuePlan& values);

  std::unique_ptr<Worker> MakeWorker() const override;

 private:
  class Maker;

  TensorSamples& samples_;
  const LayerJob& job_;
  const std::vector<int64_t> row_shape_;
  const int64_t channels_;
  int64_t plane_ = 1;
  std::vector<double> mean_, std_;
  double scale_ = 1.0;
};

}  // namespace imnorm
