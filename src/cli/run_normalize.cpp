#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "cli/check_outputs.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/resolve.h"
#include "cli/tell_shape.h"
#include "cli/tell_values.h"
#include "geometry/fixed_size.h"
#include "imnorm/tensor.h"
#include "io/durable_file.h"
#include "pipeline/manifest.h"
#include "plan/words.h"
#include "sink/formats.h"

namespace imnorm::cli {
namespace {

// The mean and std that will be used, wherever they come from.
std::string ValuesText(const Plan& plan) {
  const ValuePlan& values = plan.values;
  if (plan.method != Method::kGiven || (values.mean.empty() && values.std.empty())) return "";
  return fmt::format("values  mean [{}], std [{}]\n", fmt::join(values.mean, ", "),
                     fmt::join(values.std, ", "));
}

std::string DryRunText(const Plan& plan, size_t inputs, const OutputOptions& output) {
  std::string text = fmt::format("inputs  {}\noutput  {} ({}, {})\n{}", inputs, output.path,
                                 output.format, WordOf(plan.values.dtype), ValuesText(plan));
  const auto size = FixedSize(plan.geometry);
  if (!size) return text + "shape   that of the pictures: no resize or crop fixes it\n";
  std::vector<int64_t> shape = {int64_t(inputs), ChannelCount(plan), size->first, size->second};
  if (plan.layout == Layout::kNhwc) shape = {shape[0], shape[2], shape[3], shape[1]};
  uint64_t bytes = DTypeBytes(plan.values.dtype);
  for (const int64_t side : shape) bytes *= uint64_t(side);
  return text +
         fmt::format("shape   [{}] at most\nbytes   {} at most\n", fmt::join(shape, ", "), bytes);
}

Result<std::string> TensorDryRunText(const TensorSource& source, const Plan& plan,
                                     const OutputOptions& output) {
  const auto tensor = TensorFile::Open(source.path, source.name);
  if (!tensor) return tl::unexpected<Error>(tensor.error());
  return fmt::format("input   {} {} [{}]\noutput  {} ({}, {})\n{}bytes   {} at most\n", source.path,
                     ElementTypeName(tensor->type()), fmt::join(tensor->shape(), ", "), output.path,
                     output.format, WordOf(plan.values.dtype), ValuesText(plan),
                     uint64_t(tensor->elements()) * DTypeBytes(plan.values.dtype));
}

// Finds out before a first pass over the inputs whether the second could write what it makes.
Result<void> TryOutputs(const OutputOptions& output, DType dtype) {
  const auto sink = OpenSink(output, dtype);
  if (!sink) return tl::unexpected<Error>(sink.error());
  const auto manifest = OpenManifest(output);
  return manifest ? Result<void>() : tl::unexpected<Error>(manifest.error());
}

// A run that was killed is named before what it left is written over.
void TellLeftover(const OutputOptions& output, Console& console) {
  const std::string partial = output.to_stdout() ? "" : LeftoverOf(output.path);
  if (partial.empty()) return;
  console.PrintInfo(partial + ": left by a run that did not end; it is written anew");
}

// A dry run ends as the run would, as far as can be told without writing.
Result<void> CheckDryRun(const OutputOptions& output) {
  if (output.overwrite || output.to_stdout() || access(output.path.c_str(), F_OK) != 0) return {};
  return Fail(ErrorCode::kBadArgument, output.path + ": exists already; --force overwrites it");
}

Result<StatsValues> ReadValues(const std::string& path) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, uint64_t{1} << 32, false, bytes); !read) {
    return tl::unexpected<Error>(std::move(read.error()));
  }
  return ReadStatsValues({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// What a run reads: one tensor, or a part of a list of pictures.
struct NormalizeInputs {
  TensorSource tensor;  // its path is "" for pictures
  InputList list;
  ShardRange range;
  Shard shard;
};

Result<NormalizeInputs> ResolveInputs(const Arguments& a) {
  NormalizeInputs inputs;
  const auto shard = ResolveShard(a);
  if (!shard) return tl::unexpected<Error>(shard.error());
  inputs.shard = *shard;
  auto tensor = TensorInput(a);
  if (!tensor) return tl::unexpected<Error>(tensor.error());
  inputs.tensor = std::move(*tensor);
  if (!inputs.tensor.path.empty()) {
    if (a.shard.empty()) return inputs;
    return Fail(ErrorCode::kBadArgument, "--shard divides lists of pictures, not a tensor");
  }
  auto list = ListInputs(a.inputs);
  if (!list) return tl::unexpected<Error>(list.error());
  inputs.list = std::move(*list);
  inputs.range = ShardOf(inputs.list.inputs.size(), shard->index, shard->count);
  return inputs;
}

// The plan with the mean and std of --stats.
Result<Plan> TakeStatistics(const Arguments& a, const Result<StatsValues>& values,
                            const Plan& plan) {
  if (!values) {
    const ErrorCode code =
        values.error().code == ErrorCode::kNotFound ? ErrorCode::kNotFound : ErrorCode::kBadConfig;
    return Fail(code, fmt::format("--stats {}: {}", *a.stats, values.error().message));
  }
  if (a.scale && !plan.denormalize && *a.scale != values->scale) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--scale {}: the statistics of --stats {} are on scale {}; leave it out",
                    *a.scale, *a.stats, values->scale));
  }
  Plan taken = WithStatistics(plan, *values);
  if (auto valid = ValidatePlan(taken, PlanInputOf(a)); !valid) {
    return tl::unexpected<Error>(std::move(valid.error()));
  }
  return taken;
}

// --stats auto: a pass before. Without one good input there are no statistics, and the run to come
// says so; where none comes, it is an error here.
Result<Plan> MeasureStatistics(const Arguments& a, const NormalizeInputs& inputs,
                               const RunOptions& options, const Plan& plan) {
  const bool whole = inputs.range.end - inputs.range.begin == inputs.list.inputs.size();
  if (inputs.tensor.path.empty() && !whole) {
    return Fail(ErrorCode::kBadArgument,
                "--stats auto measures the whole input: measure first with stats, then give "
                "every shard --stats stats.json");
  }
  RunOptions quiet = options;
  quiet.on_failure = nullptr;  // the second pass meets the same ones
  quiet.on_note = nullptr;
  StatsOptions stats;
  stats.settings.scale = a.scale.value_or(0.0);
  const auto measured = inputs.tensor.path.empty()
                            ? MeasurePictures(inputs.list, 1, 1, plan, stats, quiet)
                            : MeasureTensor(inputs.tensor, 1, 1, stats, quiet);
  if (!measured) return tl::unexpected<Error>(measured.error());
  if (measured->report.done == 0) {
    if (!a.print_plan && !a.dry_run) return plan;
    return Fail(ErrorCode::kIo, "--stats auto: no input could be measured");
  }
  return TakeStatistics(a, ValuesOf(measured->totals), plan);
}

int PrintPlan(const Plan& plan, Console& console) {
  if (const auto kernel = ValueKernelOf(plan)) console.PrintInfo("values: " + *kernel);
  return PrintAnswer(PlanToJson(plan), kExitDone, console);
}

int DryRun(const NormalizeInputs& inputs, const Plan& plan, const OutputOptions& output,
           Console& console) {
  if (inputs.tensor.path.empty()) {
    return PrintAnswer(DryRunText(plan, inputs.range.end - inputs.range.begin, output), kExitDone,
                       console);
  }
  const auto text = TensorDryRunText(inputs.tensor, plan, output);
  return text ? PrintAnswer(*text, kExitDone, console) : FailWith(text.error(), console);
}

int RunTensor(const TensorSource& source, const Plan& plan, const OutputOptions& output,
              const RunOptions& options, Console& console) {
  const auto report = NormalizeTensor(source, plan, output, options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  if (plan.geometry.resize.kind != ResizeKind::kNone || plan.geometry.crop.width != 0) {
    console.PrintInfo("resize and crop of the plan are for pictures: the tensor keeps its size");
  }
  TellShape(report->input_shape, plan.method, console);
  TellValues(*report, plan, console);
  console.PrintInfo(fmt::format("{} {} sample{} in {:.2f} s -> {} {} [{}]",
                                plan.denormalize ? "denormalized" : "normalized", report->rows,
                                report->rows == 1 ? "" : "s", report->seconds, output.path,
                                WordOf(plan.values.dtype), fmt::join(report->shape, ", ")));
  return kExitDone;
}

int RunPictures(const Arguments& arguments, const NormalizeInputs& inputs, const Plan& plan,
                const OutputOptions& output, const RunOptions& options, Console& console) {
  const auto report = NormalizePictures(inputs.list, inputs.range, plan, output, options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  TellNothingFound(arguments, inputs.shard, *report, console);
  TellValues(*report, plan, console);
  console.PrintSummary(*report, "normalized",
                       report->done == 0
                           ? "nothing written"
                           : fmt::format("{} {} [{}]", output.path, WordOf(plan.values.dtype),
                                         fmt::join(report->shape, ", ")));
  return ExitCodeOf(*report);
}

}  // namespace

int RunNormalize(const Arguments& arguments, Console& console) {
  auto plan = ResolvePlan(arguments);
  const bool measures = arguments.stats == "auto";
  if (plan && arguments.stats && !measures) {
    plan = TakeStatistics(arguments, ReadValues(*arguments.stats), *plan);
  }
  if (!plan) return FailWith(plan.error(), console);
  if (arguments.print_plan && !measures) return PrintPlan(*plan, console);
  OutputOptions output;
  if (!arguments.print_plan) {
    auto resolved = ResolveOutput(arguments);
    if (!resolved) return FailWith(resolved.error(), console);
    output = std::move(*resolved);
  }
  auto options = ResolveRun(arguments);
  if (!options) return FailWith(options.error(), console);
  const auto inputs = ResolveInputs(arguments);
  if (!inputs) return FailWith(inputs.error(), console);
  TellList(inputs->list, console);
  if (!arguments.print_plan) {
    auto apart = CheckOutputs(arguments, inputs->list);
    if (!apart) return FailWith(apart.error(), console);
  }
  ShowRunOn(console, *options);
  const bool writes = !arguments.print_plan && !arguments.dry_run;
  if (arguments.dry_run && !arguments.print_plan) {
    if (auto may = CheckDryRun(output); !may) return FailWith(may.error(), console);
  }
  if (writes) TellLeftover(output, console);
  if (measures) {
    // Found out before the first pass: whether the second could write what it makes.
    auto may = writes ? TryOutputs(output, plan->values.dtype) : Result<void>();
    if (!may) return FailWith(may.error(), console);
    plan = MeasureStatistics(arguments, *inputs, *options, *plan);
    if (!plan || !writes) console.EndProgress();
    if (!plan) return FailWith(plan.error(), console);
  }
  if (arguments.print_plan) return PrintPlan(*plan, console);
  if (arguments.dry_run) return DryRun(*inputs, *plan, output, console);
  return inputs->tensor.path.empty()
             ? RunPictures(arguments, *inputs, *plan, output, *options, console)
             : RunTensor(inputs->tensor, *plan, output, *options, console);
}

}  // namespace imnorm::cli
