// The layer of a run: its job from the plan, its rows to the writer.
#include "pipeline/layer_job.h"

#include "normalize/layers/job.h"
#include "pipeline/run_items.h"

namespace imnorm {
namespace {

tl::unexpected<Error> Stopped() { return Fail(ErrorCode::kCancelled, "stopped"); }

// Samples until somebody says stop: passes that only measure stop as soon as those that write.
class StoppableSamples : public SampleSource {
 public:
  StoppableSamples(SampleSource& samples, const Stop& stop) : samples_(samples), stop_(stop) {}
  int64_t count() const override { return samples_.count(); }
  Result<void> Read(int64_t first, int64_t count, void* out) override {
    if (stop_()) return Stopped();
    return samples_.Read(first, count, out);
  }

 private:
  SampleSource& samples_;
  const Stop& stop_;
};

}  // namespace

LayerJob LayerJobOf(const Plan& plan, const OutputOptions& output, const RunOptions& options) {
  LayerJob job;
  job.method = plan.method;
  job.layer = plan.layer;
  job.scale = plan.values.scale;
  job.dtype = plan.values.dtype;
  job.layout = plan.layout;
  job.quantize = plan.values.quantize;
  job.qscale = plan.values.qscale;
  job.qzero = plan.values.qzero;
  job.denormalize = plan.denormalize;
  job.mean = plan.values.mean;
  job.std = plan.values.std;
  // The inverse of x / scale; bytes are asked for on their own scale.
  if (plan.denormalize) {
    job.output_scale = plan.values.float_scale.value_or(job.quantize ? plan.values.scale : 1.0);
    job.scale = 1.0;
  }
  job.threads = ThreadsOf(options);
  job.state_out = output.state_out;
  job.report_file = output.report_norm;
  job.overwrite = output.overwrite;
  return job;
}

std::vector<int64_t> OutputRowShape(const std::vector<int64_t>& sample_shape, Layout layout) {
  std::vector<int64_t> shape = sample_shape;
  if (layout == Layout::kNhwc) {
    shape.erase(shape.begin());
    shape.push_back(sample_shape.front());
  }
  return shape;
}

void TellRows(LayerRows rows, RunReport& report) {
  report.shape = std::move(rows.shape);
  report.rows = uint64_t(report.shape.front());
  report.values = rows.values;
  report.running_finite = rows.running_finite;
}

Result<LayerRows> RunLayer(SampleSource& samples, const LayerJob& job, const RunOptions& options,
                           RowWriter& rows, std::span<const RowInfo> infos,
                           std::vector<DurableFile>& sides) {
  std::vector<int64_t> shape = OutputRowShape(job.sample_shape, job.layout);
  const int64_t most = OutputSamples(job, samples.count());
  if (auto set = rows.Start(shape, uint64_t(most)); !set) {
    return Failed(set);
  }
  uint64_t row = 0;
  const auto write = [&](const void* elements, int64_t count) -> Result<void> {
    if (options.stop()) return Stopped();
    const RowBlock block = {row, uint64_t(count), static_cast<const uint8_t*>(elements),
                            infos.empty() ? infos : infos.subspan(row, size_t(count))};
    row += uint64_t(count);
    return rows.Follow(block).and_then([&] { return rows.Write(block); });
  };
  StoppableSamples stoppable(samples, options.stop);
  auto summary = NormalizeSamples(stoppable, job, write, sides);
  if (!summary) return Failed(summary);
  shape.insert(shape.begin(), summary->samples);
  return LayerRows{std::move(shape), summary->values, summary->running_finite};
}

}  // namespace imnorm
