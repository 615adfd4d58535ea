// Pictures -> a normalised tensor and its manifest.
#include <filesystem>

#include "imnorm/layers.h"
#include "pipeline/collect_pictures.h"
#include "pipeline/layer_job.h"
#include "pipeline/manifest.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_plan.h"
#include "pipeline/row_spool.h"
#include "pipeline/runs.h"
#include "pipeline/tensor_facts_of.h"
#include "sink/formats.h"

namespace imnorm {
namespace {

// The plan up to the placed bytes: its geometry and channel order, no values.
Plan PixelsOf(const Plan& plan) {
  Plan pixels = plan;
  pixels.method = Method::kNone;
  pixels.layout = Layout::kNchw;
  pixels.values = ValuePlan();
  pixels.values.rescale = false;
  pixels.values.dtype = ElementType::kU8;
  return pixels;
}

// Where the placed bytes are kept meanwhile: beside OUT, where there is room for more of its like,
// and for standard output where temporary files go.
std::string SpoolFolder(const OutputOptions& output) {
  if (output.to_stdout()) return "";
  std::error_code ignored;
  const auto target = std::filesystem::weakly_canonical(output.path, ignored);
  const auto folder = target.parent_path();
  return folder.empty() ? "." : folder.native();
}

// Batch, layer, instance and group: bytes first, so that every picture is decoded once.
Result<RunReport> NormalizeByLayer(const InputList& list, ShardRange range, const Plan& plan,
                                   const OutputOptions& output, const RunOptions& options,
                                   const Labels& labels, RowWriter& rows,
                                   std::vector<DurableFile>& sides) {
  if (plan.depth != 8) {
    return Blame("depth", "`depth` 16 goes with given mean and std only");
  }
  auto spool = RowSpool::Open(SpoolFolder(output));
  if (!spool) return Failed(spool);
  auto report = CollectPictures(list, range, PixelsOf(plan), options, labels, *spool);
  if (!report || report->done == 0) return report;
  LayerJob job = LayerJobOf(plan, output, options);
  job.input = ElementType::kU8;
  job.sample_shape = spool->row_shape();
  auto done = RunLayer(*spool, job, options, rows, spool->infos(), sides);
  if (!done) return Failed(done);
  TellRows(std::move(*done), *report);
  return report;
}

}  // namespace

Result<RunReport> NormalizePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const OutputOptions& output, const RunOptions& options) {
  if (auto valid = CheckPicturePlan(plan); !valid) return Failed(valid);
  const ShardRange range = ShardOf(list.inputs.size(), shard.index, shard.count);
  if (auto loaded = LoadModulesOf(plan); !loaded) return Failed(loaded);
  // The output is opened before the slow work: a path that cannot be written costs no wait.
  const Labels labels = output.labels ? Labels(list) : Labels();
  auto sink = OpenSink(output, plan.values.dtype, options.stop,
                       FactsOfPictures(list, labels.names(), plan, output));
  if (!sink) return Failed(sink);
  auto manifest = OpenManifest(output);
  if (!manifest) return Failed(manifest);
  std::vector<DurableFile> sides;
  const bool by_table = plan.method == Method::kGiven || plan.method == Method::kNone;
  auto report = by_table
                    ? CollectPictures(list, range, plan, options, labels, **sink)
                    : NormalizeByLayer(list, range, plan, output, options, labels, **sink, sides);
  if (!report || report->done == 0) return report;
  auto done = PublishRun(**sink, std::move(*manifest), std::move(sides), output, plan, options,
                         list, range, labels, *report);
  if (!done) return Failed(done);
  return report;
}

}  // namespace imnorm
