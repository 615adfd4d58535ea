// imnorm normalize: the options become a job, the job is shown or carried out.
#include "cli/commands/normalize.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <set>
#include <vector>

#include "cli/answer.h"
#include "cli/check_outputs.h"
#include "cli/dry_run.h"
#include "cli/exit_code.h"
#include "cli/groups/geometry.h"
#include "cli/groups/inputs.h"
#include "cli/groups/output.h"
#include "cli/groups/values.h"
#include "cli/statistics_source.h"
#include "cli/tell_leftover.h"
#include "cli/tell_run.h"
#include "cli/tell_shape.h"
#include "cli/tell_values.h"
#include "imnorm/words.h"
#include "io/durable_file.h"
#include "pipeline/manifest.h"
#include "sink/formats.h"

namespace imnorm::cli {
namespace {

// Finds out before a first pass over the inputs whether the second could write what it makes.
Result<void> TryOutputs(const OutputOptions& output, ElementType dtype) {
  const auto sink = OpenSink(output, dtype);
  if (!sink) return Failed(sink);
  const auto manifest = OpenManifest(output);
  return manifest ? Result<void>() : Failed(manifest);
}

int PrintPlan(const Plan& plan, Console& console) {
  if (const auto kernel = ValueKernelOf(plan)) console.PrintInfo("values: " + *kernel);
  return PrintAnswer(PlanToJson(plan), kExitDone, console);
}

int RunTensor(const Job& job, const Source& source, Console& console) {
  const Plan& plan = job.plan;
  const auto report = imnorm::Normalize(source, plan, job.output, job.conduct);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  if (plan.geometry.resize.kind != ResizeKind::kNone || plan.geometry.crop.width != 0) {
    console.PrintInfo("resize and crop of the plan are for pictures: the tensor keeps its size");
  }
  TellShape(report->input_shape, plan.method, console);
  TellValues(*report, plan, console);
  console.PrintInfo(fmt::format(
      "{} {} sample{} in {:.2f} s -> {} {} [{}]", plan.denormalize ? "denormalized" : "normalized",
      report->rows, report->rows == 1 ? "" : "s", report->seconds, job.output.path,
      ElementTypeName(plan.values.dtype), fmt::join(report->shape, ", ")));
  return kExitDone;
}

// Names the inputs whose failure nobody else tells: those that were not measured and are rows now.
bool TellLeftOut(const std::vector<Failure>& left_out, const RunReport& report, Console& console) {
  std::set<uint64_t> failed;
  for (const Failure& failure : report.failures) failed.insert(failure.index);
  bool any = false;
  for (Failure failure : left_out) {
    if (failed.contains(failure.index)) continue;
    failure.error.message +=
        "; it failed while --stats auto measured it: mean and std are without it, its row is there";
    console.PrintFailure(failure);
    any = true;
  }
  return any;
}

// `left_out`: the inputs that --stats auto could not measure.
int RunPictures(const Job& job, const Source& source, const std::vector<Failure>& left_out,
                Console& console) {
  const auto report = imnorm::Normalize(source, job.plan, job.output, job.conduct);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  TellNothingFound(job.source, *report, console);
  TellValues(*report, job.plan, console);
  console.PrintSummary(*report, "normalized",
                       report->done == 0 ? "nothing written"
                                         : fmt::format("{} {} [{}]", job.output.path,
                                                       ElementTypeName(job.plan.values.dtype),
                                                       fmt::join(report->shape, ", ")));
  const bool without = report->done > 0 && TellLeftOut(left_out, *report, console);
  const int code = ExitCodeOf(*report);
  return without && code == kExitDone ? kExitSomeFailed : code;
}

class Normalize : public Invocation {
 public:
  explicit Normalize(Options& options) {
    AddInputs(options, inputs_);
    AddGeometry(options, geometry_, Fits::kAll);
    AddValues(options, values_);
    AddOutput(options, output_);
    AddConduct(options, conduct_, loudness);
    AddLoudness(options, loudness);
  }

  int Run(Console& console) override {
    auto job = Resolve();
    if (!job) return FailWith(job.error(), console);
    if (geometry_.print_plan && !measures()) return PrintPlan(job->plan, console);
    const auto source = OpenSourceOn(console, job->source);
    if (!source) return FailWith(source.error(), console);
    if (auto ready = Prepare(*job, *source, console); !ready) {
      return FailWith(ready.error(), console);
    }
    if (geometry_.print_plan) return PrintPlan(job->plan, console);
    if (output_.dry_run) {
      const size_t all = source->list().inputs.size();
      const ShardRange range = ShardOf(all, source->shard.index, source->shard.count);
      const auto text = DryRunText(*job, range.end - range.begin);
      return text ? PrintAnswer(*text, kExitDone, console) : FailWith(text.error(), console);
    }
    return source->is_tensor() ? RunTensor(*job, *source, console)
                               : RunPictures(*job, *source, left_out_, console);
  }

 private:
  bool measures() const { return values_.stats == "auto"; }
  bool writes() const { return !geometry_.print_plan && !output_.dry_run; }
  StatisticsWish wish() const {
    const auto scale = ParseScale(values_.scale.value_or("1"));
    if (!scale || !values_.scale) return {values_.stats.value_or(""), {}};
    return {values_.stats.value_or(""), scale->divisor, scale->percents};
  }

  // What the command line asks for. A plan that is only printed needs no input and no output.
  Result<Job> Resolve() const {
    Job job;
    auto plan = ResolvePlan();
    if (!plan) return Failed(plan);
    job.plan = std::move(*plan);
    if (geometry_.print_plan && !measures()) return job;
    if (!geometry_.print_plan) {
      auto output = ResolveOutput(output_);
      if (!output) return Failed(output);
      job.output = std::move(*output);
    }
    auto conduct = ResolveConduct(conduct_);
    if (!conduct) return Failed(conduct);
    job.conduct = std::move(*conduct);
    auto source = ResolveSource(inputs_, given);
    if (!source) return Failed(source);
    job.source = std::move(*source);
    if (job.source.is_tensor() && !inputs_.shard.empty()) {
      return Fail(ErrorCode::kBadArgument, "--shard divides lists of pictures, not a tensor");
    }
    return job;
  }

  Result<Plan> ResolvePlan() const {
    auto plan = ResolveGeometry(geometry_);
    if (!plan) return plan;
    const ValueArguments& v = values_;
    const bool named = geometry_.preset || geometry_.config || v.method || v.mean || v.std ||
                       v.scale || v.stats || v.denormalize;
    if (!named) {
      return Fail(ErrorCode::kBadArgument,
                  "normalize needs to know how: --preset NAME, --mean and --std, --stats "
                  "FILE|auto, or --method batch|layer|instance|group|none");
    }
    if (auto set = SetValues(v, given, *plan); !set) return Failed(set);
    if (plan->alpha == AlphaPolicy::kMask) {
      return Fail(ErrorCode::kBadArgument,
                  "--alpha mask is for stats: normalize takes drop, white, black or #rrggbb");
    }
    const PlanInput input = IsTensorInput(inputs_) ? PlanInput::kTensor : PlanInput::kPictures;
    if (auto valid = ValidatePlan(*plan, input); !valid) return Failed(valid);
    if (!v.stats || measures()) return plan;
    return ReadStatistics(wish(), std::move(*plan), input);
  }

  // What has to be known or found sound before the work: that nothing is destroyed, that the output
  // can be written, and for --stats auto the statistics.
  Result<void> Prepare(Job& job, const Source& source, Console& console) {
    if (!geometry_.print_plan) {
      if (auto apart = CheckOutputs(Files(), source.list()); !apart) return apart;
    }
    ShowRunOn(console, job.conduct);
    if (output_.dry_run && !geometry_.print_plan) {
      if (auto may = CheckDryRun(job.output); !may) return may;
    }
    if (writes() && !job.output.resume && !job.output.to_stdout()) {
      TellLeftover(job.output.path, job.output.journal_path(), console);
    }
    if (!measures()) return {};
    if (writes()) {
      if (auto may = TryOutputs(job.output, job.plan.values.dtype); !may) return may;
    }
    auto plan = MeasureStatistics(wish(), job, source, /*required=*/!writes(), left_out_);
    if (!plan || !writes()) console.EndProgress();
    if (!plan) return Failed(plan);
    job.plan = std::move(*plan);
    return {};
  }

  FilesOfRun Files() const {
    FilesOfRun files;
    files.inputs = inputs_.inputs.inputs;
    files.Write("-o", output_.output);
    files.Write("--json-log", loudness.json_log);
    files.Write("--manifest", output_.manifest);
    if (output_.manifest.empty() && !files.outputs.empty()) {
      files.Write("the manifest", output_.output + ".manifest.json", /*implied=*/true);
    }
    if (output_.labels && !files.outputs.empty()) {
      files.Write("the class names", output_.output + ".classes.json", /*implied=*/true);
    }
    if (!files.outputs.empty()) {
      files.Write("the journal", output_.output + ".journal", /*implied=*/true);
    }
    files.Write("--state-out", output_.state_out);
    files.Write("--report-norm", output_.report_norm);
    files.Read("--files-from", inputs_.inputs.files_from);
    files.Read("--checksums", inputs_.inputs.checksums);
    files.Read("--preset", geometry_.preset.value_or(""));
    files.Read("--config", geometry_.config.value_or(""));
    files.Read("--stats", values_.stats.value_or(""));
    files.Read("--affine", values_.affine.value_or(""));
    files.Read("--state-in", values_.state_in.value_or(""));
    return files;
  }

  InputArguments inputs_;
  GeometryArguments geometry_;
  ValueArguments values_;
  OutputArguments output_;
  ConductArguments conduct_;
  std::vector<Failure> left_out_;  // of what --stats auto measured
};

}  // namespace

const Command kNormalize = {"normalize", "Pictures to one normalised NCHW tensor",
                            R"(Examples:
  imnorm normalize photos/ --preset imagenet -o x.npy
  imnorm normalize photos/ --resize 256 --crop 224 --mean 0.5 --std 0.5 -o x.npy
  imnorm normalize photos/ --preset clip --dtype float16 -o x.safetensors
  imnorm normalize photos/ --resize 224x224 --method instance -o x.npy

)",
                            [](Options& options) -> std::unique_ptr<Invocation> {
                              return std::make_unique<Normalize>(options);
                            }};

}  // namespace imnorm::cli
