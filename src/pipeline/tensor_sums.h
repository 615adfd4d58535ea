// The samples of a tensor -> exact sums; every sample is an image.
#pragma once

#include <memory>

#include "imnorm/layers.h"
#include "imnorm/statistics.h"
#include "pipeline/sums_source.h"

namespace imnorm {

// The sides of a sample: channels, and those of a plane.
struct PlaneShape {
  int channels = 1;
  int height = 1;
  int width = 1;
  size_t plane() const { return size_t(height) * size_t(width); }
};

// Numbers:  uint8 and uint16 by integer sums, other types exactly in float64
class TensorSums : public SumsSource {
 public:
  // Samples from number `first` on; `samples` and `settings` outlive it.
  TensorSums(TensorSamples& samples, ElementType type, const PlaneShape& shape, size_t first,
             const StatsSettings& settings)
      : samples_(samples), type_(type), shape_(shape), first_(first), settings_(settings) {}

  std::unique_ptr<Worker> MakeWorker() const override;

 private:
  class Adder;

  TensorSamples& samples_;
  const ElementType type_;
  const PlaneShape shape_;
  const size_t first_;
  const StatsSettings& settings_;
};

}  // namespace imnorm
