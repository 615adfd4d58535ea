// A tensor file -> a normalised one.
#include <fmt/format.h>

#include "imnorm/layers.h"
#include "pipeline/layer_job.h"
#include "pipeline/manifest.h"
#include "pipeline/normalize_stages.h"
#include "pipeline/runs.h"
#include "pipeline/tensor_facts_of.h"
#include "pipeline/tensor_hash.h"
#include "pipeline/tensor_items.h"
#include "pipeline/tensor_rows.h"
#include "plan/mean_scale.h"
#include "sink/formats.h"

namespace imnorm {
namespace {

// What only the tensor's own channels can tell of the values.
Result<void> CheckGiven(const Plan& plan, const LayerJob& job) {
  const bool given = plan.method == Method::kGiven || plan.method == Method::kNone;
  if (!given || plan.denormalize) return {};
  const ValuePlan& values = plan.values;
  if (auto sound = CheckValues(values, int(job.sample_shape.front())); !sound) return sound;
  const bool bounded = job.input == ElementType::kU8 || job.input == ElementType::kU16;
  if (bounded && values.rescale) {
    return CheckMeanScale(values.mean, values.std, UsualScale(job.input) / job.scale, job.scale);
  }
  return {};
}

// The report of a tensor's run as the manifest has it: one input, which is one file.
void TellAsOneInput(const TensorSource& source, const LayerJob& job, RunReport& report) {
  report.list_size = report.inputs = report.done = 1;
  std::string note;
  if (!source.name.empty()) note = fmt::format("tensor \"{}\"", source.name);
  if (!source.layout.empty()) {
    note += fmt::format("{}read as {}", note.empty() ? "" : ", ", source.layout);
  }
  if (!note.empty()) report.special_notes = {{0, source.path, {}, note}};
  const std::vector<int64_t>& sides = job.sample_shape;
  const bool plane = sides.size() >= 3;
  report.records = {{InputStatus::kDone,
                     plane ? int32_t(sides.back()) : 1,
                     plane ? int32_t(sides[sides.size() - 2]) : 1,
                     {}}};
}

Result<RunReport> RunLayerOf(RunItems& items, SampleSource& samples, const LayerJob& job,
                             const RunOptions& options, RowWriter& rows,
                             std::vector<DurableFile>& sides) {
  auto done = RunLayer(samples, job, options, rows, {}, sides);
  if (!done) return Failed(done);
  auto report = items.Finish();
  if (report) TellRows(std::move(*done), *report);
  return report;
}

}  // namespace

Result<RunReport> NormalizeTensor(const TensorSource& source, const Plan& plan,
                                  const OutputOptions& output, const RunOptions& options) {
  if (output.manifest_fd >= 0) {
    return Blame(
        "output.manifest_fd",
        "`output.manifest_fd` tells of pictures as they come; a tensor's rows are its own");
  }
  const std::string& path = source.path;
  if (output.resume) {
    return Blame("output.resume",
                 path +
                     ": a tensor is read as fast as it is written; `output.resume` is for "
                     "pictures");
  }
  if (!plan.values.low.empty()) {
    return Blame("values.low", path + ": a tensor is not stretched; `values.low` is of pictures");
  }
  auto file = TensorFile::Open(path, source.name);
  if (!file) return Failed(file);
  LayerJob job = LayerJobOf(plan, output, options);
  const auto axes = DescribeTensor(*file, source.layout, &job);
  if (!axes) return Prefixed(path, axes.error());
  const ElementType type = file->type();
  if (!plan.denormalize && type != ElementType::kU8) {
    job.scale = plan.values.float_scale.value_or(UsualScale(type));
  }
  if (auto sound = CheckGiven(plan, job); !sound) return Failed(sound);
  auto sink =
      OpenSink(output, plan.values.dtype, options.stop, FactsOfTensor(TensorHash(source), plan));
  if (!sink) return Failed(sink);
  auto manifest = OpenManifest(output);
  if (!manifest) return Failed(manifest);
  TensorSamples samples(*file, *axes);
  TensorItems items(source, *file, uint64_t(samples.count()), {0, size_t(samples.count())},
                    options);
  const bool given =
      !plan.denormalize && (plan.method == Method::kGiven || plan.method == Method::kNone);
  std::vector<DurableFile> sides;
  auto report = given ? RunRows(items, TensorRows(samples, job, plan.values), options, **sink)
                      : RunLayerOf(items, samples, job, options, **sink, sides);
  if (!report) return Failed(report);
  TellAsOneInput(source, job, *report);
  InputList list;
  list.inputs.resize(1);
  list.inputs.front().path = path;
  auto done = PublishRun(**sink, std::move(*manifest), std::move(sides), output, plan, options,
                         list, {0, 1}, Labels(), *report);
  if (!done) return Failed(done);
  return report;
}

}  // namespace imnorm
