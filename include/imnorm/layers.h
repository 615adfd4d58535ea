// Batch, layer, instance and group normalisation: y = (x - mean) / sqrt(var + eps) * gamma + beta.
//
// Samples are dense planes [C][S] (S = D * H * W, L or 1) of any element type, rounded to float32;
// values are x / scale. Everything is computed in float64 from exact or float64 statistics and
// rounded to float32 once, then to the output's type: the same bytes on every CPU and for any
// thread count. Where input or output is float64 nothing is rounded to float32 on the way.
//
// | method   | mean and variance over            | sets a sample | affine     |
// |----------|-----------------------------------|---------------|------------|
// | batch    | N and S, per channel              | (C a batch)   | [C]        |
// | layer    | C and S, per sample               | 1             | [C, H, W]  |
// | instance | S, per sample and channel         | C             | [C]        |
// | group    | C/G and S, per sample and group   | G             | [C]        |
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/plan.h"
#include "imnorm/tensor.h"
#include "imnorm/tensor_axes.h"
#include "imnorm/values.h"

namespace imnorm {

// Mean and variance of a set of values, mergeable.
//
// Rules:    integer sets (uint8 samples) keep their sums, exact for up to 2^52 bytes, so that any
//           order of merging gives the same; float sets keep the mean in two float64 and the sum of
//           squared deviations, and merging is in the order of the samples
// Numbers:  float sets: the mean's error is about 2^-53 of the standard deviation, whatever the
//           offset; the variance's relative error is below 2^-40
class Moments {
 public:
  Moments() = default;
  // A float set: mean = mean_high + mean_low.
  Moments(double count, double mean_high, double mean_low, double squared_deviations);
  // An integer set from its sums.
  static Moments OfIntegers(uint64_t count, uint64_t sum, uint64_t sum_squares);

  void Merge(const Moments& more);

  double count() const { return count_; }
  // The mean as two float64 whose sum it is, the first being their rounded sum.
  struct Mean {
    double high = 0.0;
    double low = 0.0;
  };
  Mean mean() const;
  double variance() const;  // biased: over count
  double unbiased_variance() const;

 private:
  double squared_deviations() const;

  bool integers_ = false;
  double count_ = 0.0;
  double mean_high_ = 0.0;
  double mean_low_ = 0.0;
  double squared_ = 0.0;
  uint64_t sum_ = 0;  // below 2^60
  // high * 2^64 + low, below 2^68: standard C++ has no wider integer.
  struct Squares {
    uint64_t high = 0;
    uint64_t low = 0;
  };
  Squares sum_squares_;
};

// Shapes, types and scale of a layer's input and output.
//
// Shapes:   sample_shape [C], [C, L], [C, H, W] or [C, D, H, W]
// Units:    scale 0: UsualScale(input)
struct LayerJob {
  Method method = Method::kGroup;  // kGiven only with denormalize
  LayerPlan layer;
  // What layer.state_in's file would hold; that is then only its name in messages.
  std::optional<std::map<std::string, Tensor>> state;
  ElementType input = ElementType::kF32;
  double scale = 0.0;
  std::vector<int64_t> sample_shape;
  ElementType dtype = ElementType::kF32;
  Layout layout = Layout::kNchw;
  bool quantize = false;
  double qscale = 1.0;
  int qzero = 0;
  // The inverse: of a saved state (batch or instance, layer.state_in), or of the mean and std
  // given. The result is multiplied by output_scale (255 brings bytes back).
  bool denormalize = false;
  std::vector<double> mean;
  std::vector<double> std;
  double output_scale = 1.0;
  int threads = 1;
  size_t memory_bytes = size_t(1) << 28;
  std::string state_out;    // where the state is written; empty: nowhere
  std::string report_file;  // means and variances used, as JSON; empty: none
  bool overwrite = false;   // what stands under those two names; state_in may always be replaced
};

// One layer: its affine parameters, running statistics and arithmetic.
//
// Rules:    a sample has sets() sets of values: 1 (layer), groups (group) or C (instance, batch).
//           Measure gives the moments of each; for batch the caller merges those of a batch's
//           samples in order with MergeBatch. Apply takes the moments of the samples (or of the
//           batch) and writes elements of job.dtype. With eval, and with denormalize, moments are
//           not needed: needs_moments() is false and Apply takes nullptr.
// Threads:  const functions are safe from several threads; Track only from one, in input order
class LayerNormalizer {
 public:
  // Reads affine and state files, and checks them against the sample shape.
  //
  // Errors:   kBadArgument: groups that do not divide the channels, options without meaning for the
  //           method, counts that do not fit; kBadConfig: tensors whose shape or type does not fit,
  //           both shapes named; and what ReadTensors returns
  static Result<LayerNormalizer> Create(const LayerJob& job);
  LayerNormalizer(LayerNormalizer&&) noexcept;
  LayerNormalizer& operator=(LayerNormalizer&&) noexcept;
  ~LayerNormalizer();

  int64_t channels() const;
  int64_t plane() const;  // S: elements of a channel's plane
  int sets() const;
  double scale() const;  // values are samples / scale
  size_t sample_in_bytes() const;
  size_t sample_out_bytes() const;
  bool needs_moments() const;
  bool over_batch() const;  // moments are a batch's (C of them), not a sample's

  // Moments of `count` samples: out [count][sets()].
  void Measure(const void* samples, int64_t count, Moments* out) const;

  // Adds the moments of `count` samples, in order, to those of their batch: batch [C].
  void MergeBatch(const Moments* samples, int64_t count, Moments* batch) const;

  // Normalises `count` samples.
  //
  // Shapes:   in [count][C][S] of job.input, out as job.layout says, of job.dtype; moments
  //           [count][sets()], or [C] where over_batch(), or nullptr where not needs_moments()
  void Apply(const void* in, int64_t count, const Moments* moments, void* out) const;

  // The same for a whole batch in memory: measures, applies, on job.threads threads.
  //
  // Shapes:   moments, if not nullptr, receives [C] where over_batch(), else [count][sets()]
  void Normalize(const void* in, int64_t count, void* out, Moments* moments = nullptr) const;

  // Checks that a batch of `count` samples has statistics: more than one value a set.
  //
  // Errors:   kBadArgument, as PyTorch's ValueError
  Result<void> CheckBatch(int64_t count) const;

  // Takes note of moments for the running statistics: batch's [C] with count 1, or instance's
  // [count][C], as often as the batch needs.
  void Track(const Moments* moments, int64_t count);

  // One training step of the running statistics, from what was noted since the last.
  //
  // Rules:    running = (1 - m) * running + m * batch, the unbiased variance, kept in float32 after
  //           every step; momentum none: m = 1 / num_batches_tracked, counted first. Instance takes
  //           the mean over its samples and, as PyTorch, leaves num_batches_tracked alone.
  void EndBatch();

  // The layer as one table a channel, for uint8 samples: moments [sets()] of one sample or [C] of
  // the batch. Gives the bytes of Apply.
  //
  // Errors:   kUnsupported: layer normalisation with an affine value for every element
  Result<ValueTable> TableFor(const Moments* moments) const;

  // The state as PyTorch's state_dict, in its order: weight, bias (exactly when affine was given),
  // running_mean, running_var, num_batches_tracked (batch and instance).
  std::vector<std::pair<std::string, Tensor>> State() const;

  // What Apply met so far that the output could not hold, on any thread.
  ValueCounts counts() const;

  // Whether the running statistics are all numbers.
  bool running_finite() const;

  // Writes the state to job.state_out, if that is set.
  Result<void> SaveState() const;

 private:
  struct Impl;
  explicit LayerNormalizer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Samples in order, read as often as needed.
//
// Threads:  Read may be called from several threads at once
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual int64_t count() const = 0;
  virtual Result<void> Read(int64_t first, int64_t count, void* out) = 0;
};

// A tensor file as samples of dense planes, whatever the order of its axes.
class TensorSamples : public SampleSource {
 public:
  // `axes` are those of the file's shape.
  TensorSamples(TensorFile file, const TensorAxes& axes);
  int64_t count() const override;
  Result<void> Read(int64_t first, int64_t count, void* out) override;

 private:
  TensorFile file_;
  TensorAxes axes_;
  int64_t count_ = 1;
  int64_t channels_ = 1;
  int64_t plane_ = 1;
};

// Sets job.input and job.sample_shape from a tensor file, and gives what its sides are; `layout`
// is a word of ParseTensorAxes, or empty.
//
// Errors:   those of AxesOf; kUnsupported: no elements
Result<TensorAxes> DescribeTensor(const TensorFile& file, std::string_view layout, LayerJob* job);

// Rows that a job writes for `samples` of input: fewer only with drop_last.
int64_t OutputSamples(const LayerJob& job, int64_t samples);

// Receives finished samples in order.
using SampleSink = std::function<Result<void>(const void* elements, int64_t count)>;

struct LayerSummary {
  int64_t samples = 0;  // written
  int64_t dropped = 0;  // by drop_last
  int64_t batches = 0;
  ValueCounts values = {};
  bool running_finite = true;  // of what was written to job.state_out
};

// Normalises a source of samples from end to end: batches in input order, running statistics, state
// and report files included.
//
// Rules:    memory stays near job.memory_bytes: a batch that is too large for it is read twice
// Errors:   those of the source, the sink, Create and CheckBatch
// Threads:  uses job.threads; the bytes do not depend on them
Result<LayerSummary> NormalizeSamples(SampleSource& source, const LayerJob& job,
                                      const SampleSink& sink);

}  // namespace imnorm
