// Pictures -> a normalised tensor and its manifest.
#include <filesystem>

#include "imnorm/layers.h"
#include "pipeline/collect_pictures.h"
#include "pipeline/finished_run.h"
#include "pipeline/first_good.h"
#include "pipeline/layer_job.h"
#include "pipeline/manifest.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_plan.h"
#include "pipeline/row_spool.h"
#include "pipeline/run_journal.h"
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
  const bool bytes = plan.channels != ChannelOrder::kNative || plan.native.type == ElementType::kU8;
  pixels.values.dtype = bytes ? ElementType::kU8 : ElementType::kF32;
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

// Batch, layer, instance and group: samples first, so that every picture is decoded once.
Result<RunReport> NormalizeByLayer(const InputList& list, ShardRange range, const Plan& plan,
                                   const OutputOptions& output, const RunOptions& options,
                                   const Labels& labels, RowWriter& rows,
                                   std::vector<DurableFile>& sides) {
  const bool native = plan.channels == ChannelOrder::kNative;
  if (plan.depth != 8 && !native) {
    return Blame("depth", "`depth` 16 goes with given mean and std only");
  }
  const Plan pixels = PixelsOf(plan);
  auto spool = RowSpool::Open(SpoolFolder(output), pixels.values.dtype);
  if (!spool) return Failed(spool);
  auto report = CollectPictures(list, range, pixels, options, labels, *spool);
  if (!report || report->done == 0) return report;
  LayerJob job = LayerJobOf(plan, output, options);
  job.input = pixels.values.dtype;
  if (native) job.scale = ScaleOfSamples(plan.values, plan.native.type);
  job.sample_shape = spool->row_shape();
  auto done = RunLayer(*spool, job, options, rows, spool->infos(), sides);
  if (!done) return Failed(done);
  TellRows(std::move(*done), *report);
  return report;
}

// Rows that are told as they come are of a run that makes them as they come.
Result<void> CheckManifestLines(const OutputOptions& output, bool by_table) {
  if (output.manifest_fd < 0) return {};
  if (!output.to_stdout()) {
    return Blame("output.manifest_fd",
                 "`output.manifest_fd` tells of rows on standard output; a file has its manifest "
                 "beside it");
  }
  if (!by_table) {
    return Blame("output.manifest_fd",
                 "`method` makes no row before the last picture was read: leave out "
                 "`output.manifest_fd` and name a file by `output.manifest`");
  }
  return {};
}

}  // namespace

Result<RunReport> NormalizePictures(const InputList& list, Shard shard, const Plan& asked,
                                    const OutputOptions& output, const RunOptions& options) {
  if (auto loaded = LoadModulesOf(asked); !loaded) return Failed(loaded);
  const auto known = PlanOfPictures(list, asked, options);
  if (!known) return Failed(known);
  const Plan& plan = *known;
  if (auto valid = CheckPicturePlan(plan); !valid) return Failed(valid);
  const ShardRange range = ShardOf(list.inputs.size(), shard.index, shard.count);
  // The output is opened before the slow work: a path that cannot be written costs no wait.
  const bool by_table = plan.method == Method::kGiven || plan.method == Method::kNone;
  if (output.resume && !by_table) {
    return Blame("output.resume",
                 "`method` normalises by the statistics of several pictures, of which none is done "
                 "before the last: there is nothing for `output.resume` to go on from");
  }
  if (output.resume && output.to_stdout()) {
    return Blame("output.resume",
                 "-: what went down a pipe is not read back; `output.resume` takes a file");
  }
  if (auto may = CheckManifestLines(output, by_table); !may) return Failed(may);
  const auto head = JournalHead(list, range, plan, output, options);
  if (auto finished = FinishedRun(output, head)) {
    RemoveLeftover(output.journal_path());
    return std::move(*finished);
  }
  const Labels labels = output.labels ? Labels(list) : Labels();
  auto sink = OpenSink(output, plan.values.dtype, options.stop,
                       FactsOfPictures(list, labels.names(), plan, output));
  if (!sink) return Failed(sink);
  auto manifest = OpenManifest(output);
  if (!manifest) return Failed(manifest);
  std::unique_ptr<RunJournal> journal;
  if (by_table && !output.to_stdout()) {
    auto opened = RunJournal::Open(output, head, **sink);
    if (!opened) return Failed(opened);
    journal = std::move(*opened);
    (*sink)->BeforeSome([noted = journal.get()] { noted->Sync(); });
  }
  std::unique_ptr<ManifestLines> lines;
  if (output.manifest_fd >= 0) {
    auto opened = ManifestLines::Open({list, range, plan, output, options, labels});
    if (!opened) return Failed(opened);
    lines = std::move(*opened);
  }
  RowWitness* witness = journal.get();
  if (lines) witness = lines.get();
  std::vector<DurableFile> sides;
  auto report =
      by_table ? CollectPictures(list, range, plan, options, labels, **sink, witness, journal.get())
               : NormalizeByLayer(list, range, plan, output, options, labels, **sink, sides);
  const auto keep = [&](bool kept) {
    (*sink)->Keep(kept);
    if (journal) journal->Keep(kept);
  };
  keep(!report && output.resume);
  if (!report || report->done == 0) return report;
  auto done = PublishRun(**sink, std::move(*manifest), std::move(sides), output, plan, options,
                         list, range, labels, *report, lines.get());
  keep(!done && output.resume);
  if (!done) return Failed(done);
  return report;
}

}  // namespace imnorm
