// A tensor file -> a normalised one.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/layers.h"
#include "imnorm/run.h"
#include "io/path_ending.h"
#include "normalize/layers/elements.h"
#include "parallel/ordered_run.h"
#include "pipeline/layer_job.h"
#include "pipeline/manifest.h"
#include "pipeline/run_log.h"
#include "pipeline/tensor_facts_of.h"
#include "pipeline/tensor_hash.h"
#include "plan/mean_scale.h"
#include "sink/formats.h"

namespace imnorm {
namespace {

// Given mean and std (or none), sample by sample.
//
// Numbers:  float32(x) / float32(scale), minus float32(mean), over float32(std), each step rounded:
//           torchvision's order
class GivenStages {
 public:
  struct Worker {
    std::vector<uint8_t> in, planes;
    std::vector<float> wide, values;
  };
  struct Slot {
    std::vector<uint8_t> row;
    Result<void> done;
    uint64_t number = 0;
    ValueCounts met;
  };

  GivenStages(TensorSamples& samples, const LayerJob& job, const ValuePlan& values,
              const RunOptions& options, RowWriter& rows)
      : samples_(samples), job_(job), options_(options), rows_(rows) {
    channels_ = job.sample_shape.front();
    for (size_t i = 1; i < job.sample_shape.size(); ++i) plane_ *= job.sample_shape[i];
    const auto each = [&](const std::vector<double>& from, float without) {
      std::vector<float> to(size_t(channels_), without);
      for (size_t c = 0; c < to.size() && !from.empty(); ++c) {
        to[c] = float(from[from.size() == 1 ? 0 : c]);
      }
      return to;
    };
    mean_ = each(values.mean, 0.0f);
    std_ = each(values.std, 1.0f);
    scale_ = values.rescale ? float(job.scale) : 1.0f;
  }

  bool Stopped() const { return failed_ || options_.stop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    const auto elements = size_t(channels_ * plane_);
    worker.in.resize(elements * ElementBytes(job_.input));
    slot.number = item;
    slot.met = {};
    slot.done = samples_.Read(int64_t(item), 1, worker.in.data());
    if (!slot.done) return;
    worker.wide.resize(kLayerBlock);
    worker.values.resize(kLayerBlock);
    const size_t out_bytes = ElementBytes(job_.dtype);
    std::vector<uint8_t>& planes = job_.layout == Layout::kNchw ? slot.row : worker.planes;
    planes.resize(elements * out_bytes);
    for (int64_t c = 0; c < channels_; ++c) {
      for (int64_t at = 0; at < plane_; at += int64_t(kLayerBlock)) {
        const auto n = size_t(std::min<int64_t>(int64_t(kLayerBlock), plane_ - at));
        const auto first = size_t(c * plane_ + at);
        const float* x = AsFloat32(job_.input, worker.in.data() + first * ElementBytes(job_.input),
                                   n, worker.wide.data());
        const float mean = mean_[size_t(c)];
        const float std = std_[size_t(c)];
        for (size_t i = 0; i < n; ++i) worker.values[i] = (x[i] / scale_ - mean) / std;
        if (job_.input != ElementType::kU8) slot.met.not_finite += CountNotFinite(x, n);
        CountLost(job_, worker.values.data(), n, slot.met);
        StoreElements(job_, worker.values.data(), n, planes.data() + first * out_bytes);
      }
    }
    if (job_.layout == Layout::kNhwc) {
      slot.row.resize(planes.size());
      InterleavePlanes(planes.data(), channels_, plane_, out_bytes, slot.row.data());
    }
  }

  bool Collect(Slot& slot, size_t item) {
    if (!slot.done) Abort(slot.done.error());
    values_met_ += slot.met;
    if (options_.progress) options_.progress(item + 1, 0, uint64_t(samples_.count()));
    if (failed_) return false;
    if (auto followed = rows_.Follow({slot.number, 1, slot.row.data(), {}}); !followed) {
      Abort(followed.error());
      return false;
    }
    return true;
  }

  bool Write(Slot& slot) {
    auto written = rows_.Write({slot.number, 1, slot.row.data(), {}});
    if (!written) Abort(written.error());
    return written.has_value();
  }

  const ValueCounts& values_met() const { return values_met_; }

  Result<void> Finish() const {
    if (options_.stop()) {
      return Fail(ErrorCode::kCancelled, "stopped");
    }
    return error_ ? Result<void>(Failed(*error_)) : Result<void>();
  }

 private:
  void Abort(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    failed_ = true;
  }

  TensorSamples& samples_;
  const LayerJob& job_;
  const RunOptions& options_;
  RowWriter& rows_;
  int64_t channels_ = 1;
  int64_t plane_ = 1;
  std::vector<float> mean_, std_;
  ValueCounts values_met_;
  float scale_ = 1.0f;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::optional<Error> error_;
};

// What only the tensor's own channels can tell of the values.
Result<void> CheckGiven(const ValuePlan& values, const LayerJob& job) {
  if (auto sound = CheckValues(values, int(job.sample_shape.front())); !sound) return sound;
  const bool bounded = job.input == ElementType::kU8 || job.input == ElementType::kU16;
  if (bounded && values.rescale) {
    return CheckMeanScale(values.mean, UsualScale(job.input) / job.scale, job.scale);
  }
  return {};
}

Result<LayerRows> RunGiven(TensorSamples& samples, const LayerJob& job, const ValuePlan& values,
                           const RunOptions& options, RowWriter& rows) {
  if (auto sound = CheckGiven(values, job); !sound) {
    return Failed(sound);
  }
  std::vector<int64_t> shape = OutputRowShape(job.sample_shape, job.layout);
  if (auto set = rows.Start(shape, uint64_t(samples.count())); !set) {
    return Failed(set);
  }
  GivenStages stages(samples, job, values, options, rows);
  RunOrdered(stages, size_t(samples.count()),
             {.threads = job.threads, .ordered_writes = !rows.any_order()});
  if (auto done = stages.Finish(); !done) return Failed(done);
  shape.insert(shape.begin(), samples.count());
  return LayerRows{std::move(shape), stages.values_met()};
}

}  // namespace

bool IsTensorPath(const std::string& path) {
  return HasEnding(path, ".npy") || HasEnding(path, ".npz") || HasEnding(path, ".safetensors");
}

Result<RunReport> NormalizeTensor(const TensorSource& source, const Plan& plan,
                                  const OutputOptions& output, const RunOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string& path = source.path;
  auto file = TensorFile::Open(path, source.name);
  if (!file) return Failed(file);
  LayerJob job = LayerJobOf(plan, output, options);
  if (auto described = DescribeTensor(*file, &job); !described) {
    return Prefixed(path, std::move(described.error()));
  }
  const ElementType type = file->type();
  if (!plan.denormalize && type != ElementType::kU8) {
    job.scale = plan.values.float_scale.value_or(UsualScale(type));
  }
  const std::string hash = TensorHash(source);
  auto sink = OpenSink(output, plan.values.dtype, options.stop, FactsOfTensor(hash, plan));
  if (!sink) return Failed(sink);
  auto manifest = OpenManifest(output);
  if (!manifest) return Failed(manifest);
  TensorSamples samples(*file);
  const bool given =
      !plan.denormalize && (plan.method == Method::kGiven || plan.method == Method::kNone);
  std::vector<DurableFile> sides;
  auto rows = given ? RunGiven(samples, job, plan.values, options, **sink)
                    : RunLayer(samples, job, options, **sink, {}, sides);
  if (!rows) return Failed(rows);

  InputList list;
  list.inputs.resize(1);
  RunReport report;
  report.list_hash = hash;
  list.inputs.front().path = path;
  if (!source.name.empty()) {
    report.special_notes = {{0, path, {}, fmt::format("tensor \"{}\"", source.name)}};
  }
  report.input_shape = file->shape();
  report.list_size = report.inputs = report.done = 1;
  report.shape = std::move(rows->shape);
  report.values = rows->values;
  report.running_finite = rows->running_finite;
  report.rows = uint64_t(report.shape.front());
  const bool plane = job.sample_shape.size() == 3;
  report.records = {{InputStatus::kDone,
                     plane ? int32_t(job.sample_shape[2]) : 1,
                     plane ? int32_t(job.sample_shape[1]) : 1,
                     {}}};
  auto done = PublishRun(**sink, std::move(*manifest), std::move(sides), output, plan, options,
                         list, {0, 1}, Labels(), report);
  if (!done) return Failed(done);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return report;
}

}  // namespace imnorm
