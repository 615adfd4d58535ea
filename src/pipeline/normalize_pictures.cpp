#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "imnorm/layers.h"
#include "imnorm/run.h"
#include "pipeline/collect_pictures.h"
#include "pipeline/layer_job.h"
#include "pipeline/manifest.h"
#include "sink/tensor_sink.h"

namespace imnorm {
namespace {

// The rows of a sink that holds placed bytes, as samples.
class SpooledPictures : public SampleSource {
 public:
  SpooledPictures(const TensorSink& rows, int64_t count) : rows_(rows), count_(count) {}
  int64_t count() const override { return count_; }
  Result<void> Read(int64_t first, int64_t count, void* out) override {
    return rows_.ReadRows(uint64_t(first), uint64_t(count), out);
  }

 private:
  const TensorSink& rows_;
  const int64_t count_;
};

// The plan up to the placed bytes: its geometry and channel order, no values.
Plan PixelsOf(const Plan& plan) {
  Plan pixels = plan;
  pixels.method = Method::kNone;
  pixels.layout = Layout::kNchw;
  pixels.values = ValuePlan();
  pixels.values.rescale = false;
  pixels.values.dtype = DType::kUInt8;
  return pixels;
}

// Where the placed bytes are kept meanwhile: beside OUT, and for standard output where temporary
// files go.
std::string SpoolBase(const OutputOptions& output) {
  if (!output.to_stdout()) return output.path;
  const char* folder = std::getenv("TMPDIR");
  return fmt::format("{}/imnorm-{}", folder == nullptr || *folder == '\0' ? "/tmp" : folder,
                     getpid());
}

// Batch, layer, instance and group: bytes first, so that every picture is decoded once.
Result<RunReport> NormalizeByLayer(const InputList& list, ShardRange range, const Plan& plan,
                                   const OutputOptions& output, const RunOptions& options,
                                   TensorSink& sink, std::vector<DurableFile>& sides) {
  if (plan.depth != 8) {
    return Fail(ErrorCode::kBadArgument, "--depth 16 goes with given mean and std only");
  }
  auto spool =
      TensorSink::Create(SpoolBase(output) + ".pixels", FileFormat::kRaw, DType::kUInt8, true);
  if (!spool) return tl::unexpected<Error>(std::move(spool.error()));
  auto report = CollectPictures(list, range, PixelsOf(plan), options, *spool);
  if (!report || report->done == 0) return report;
  LayerJob job = LayerJobOf(plan, output, options);
  job.input = ElementType::kU8;
  job.sample_shape = spool->row_shape();
  SpooledPictures samples(*spool, int64_t(report->rows));
  auto rows = RunLayer(samples, job, options, sink, sides);
  if (!rows) return tl::unexpected<Error>(std::move(rows.error()));
  report->shape = std::move(rows->shape);
  report->values = rows->values;
  report->running_finite = rows->running_finite;
  report->rows = uint64_t(report->shape.front());
  return report;
}

}  // namespace

Result<RunReport> NormalizePictures(const InputList& list, ShardRange range, const Plan& plan,
                                    const OutputOptions& output, const RunOptions& options) {
  if (plan.channels == ChannelOrder::kNative) {
    return Fail(ErrorCode::kBadArgument, "channels native are for statistics only");
  }
  if (plan.alpha == AlphaPolicy::kMask) {
    return Fail(ErrorCode::kBadArgument, "alpha mask is for statistics only");
  }
  if (plan.denormalize) return Fail(ErrorCode::kBadArgument, "denormalize is for tensors only");
  // The output is opened before the slow work: a path that cannot be written costs no wait.
  auto sink = TensorSink::Create(output, plan.values.dtype, options.stop);
  if (!sink) return tl::unexpected<Error>(std::move(sink.error()));
  auto manifest = OpenManifest(output);
  if (!manifest) return tl::unexpected<Error>(std::move(manifest.error()));
  std::vector<DurableFile> sides;
  const bool by_table = plan.method == Method::kGiven || plan.method == Method::kNone;
  auto report = by_table ? CollectPictures(list, range, plan, options, *sink)
                         : NormalizeByLayer(list, range, plan, output, options, *sink, sides);
  if (!report || report->done == 0) return report;
  auto done = PublishRun(*sink, std::move(*manifest), std::move(sides), output, plan, options.jpeg,
                         list, range, *report);
  if (!done) return tl::unexpected<Error>(std::move(done.error()));
  return report;
}

}  // namespace imnorm
