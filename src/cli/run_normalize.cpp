#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <functional>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/resolve.h"
#include "imnorm/tensor.h"
#include "plan/words.h"
#include "pipeline/manifest.h"
#include "sink/tensor_sink.h"

namespace imnorm::cli {
namespace {

// The height and width that every picture gets, if the plan fixes them.
std::optional<std::pair<int, int>> FixedSize(const GeometryPlan& geometry) {
  if (geometry.crop.width > 0) return std::pair{geometry.crop.height, geometry.crop.width};
  const ResizePlan& resize = geometry.resize;
  if (resize.kind == ResizeKind::kExact || resize.kind == ResizeKind::kLetterbox) {
    return std::pair{resize.height, resize.width};
  }
  return std::nullopt;
}

std::string DryRunText(const Plan& plan, size_t inputs, const OutputOptions& output) {
  std::string text = fmt::format("inputs  {}\noutput  {} ({}, {})\n", inputs, output.path,
                                 FileFormatName(output.format), WordOf(plan.values.dtype));
  const auto size = FixedSize(plan.geometry);
  if (!size) return text + "shape   that of the pictures: no resize or crop fixes it\n";
  std::vector<int64_t> shape = {int64_t(inputs), ChannelCount(plan), size->first, size->second};
  if (plan.layout == Layout::kNhwc) shape = {shape[0], shape[2], shape[3], shape[1]};
  uint64_t bytes = DTypeBytes(plan.values.dtype);
  for (const int64_t side : shape) bytes *= uint64_t(side);
  return text +
         fmt::format("shape   [{}] at most\nbytes   {} at most\n", fmt::join(shape, ", "), bytes);
}

Result<std::string> TensorDryRunText(const std::string& path, const Plan& plan,
                                     const OutputOptions& output) {
  const auto tensor = TensorFile::Open(path);
  if (!tensor) return tl::unexpected<Error>(tensor.error());
  return fmt::format("input   {} {} [{}]\noutput  {} ({}, {})\nbytes   {} at most\n", path,
                     ElementTypeName(tensor->type()), fmt::join(tensor->shape(), ", "), output.path,
                     FileFormatName(output.format), WordOf(plan.values.dtype),
                     uint64_t(tensor->elements()) * DTypeBytes(plan.values.dtype));
}

// Finds out before a first pass over the inputs whether the second could write what it makes.
Result<void> TryOutputs(const OutputOptions& output, DType dtype) {
  const auto sink = TensorSink::Create(output, dtype);
  if (!sink) return tl::unexpected<Error>(sink.error());
  const auto manifest = OpenManifest(output);
  return manifest ? Result<void>() : tl::unexpected<Error>(manifest.error());
}

// A dry run ends as the run would, as far as can be told without writing.
Result<void> CheckDryRun(const OutputOptions& output) {
  if (output.overwrite || output.to_stdout() || access(output.path.c_str(), F_OK) != 0) return {};
  return Fail(ErrorCode::kBadArgument, output.path + ": exists already; --force overwrites it");
}

using Measure = std::function<Result<StatsResult>(const StatsOptions&, const RunOptions&)>;

Result<StatsValues> ReadValues(const std::string& path) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, uint64_t{1} << 32, false, bytes); !read) {
    return tl::unexpected<Error>(std::move(read.error()));
  }
  return ReadStatsValues({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Mean and std from --stats: a file's, or what `measure` finds in a pass before. Without one good
// input there are none, and the pass to come says so.
//
// Units:    a scale that is a sample type's maximum puts the numbers on [0,1], whatever the type;
//           the usual scale of the plan does the same
Result<void> TakeStatistics(const Arguments& a, const Measure& measure,
                            const OutputOptions& output, const RunOptions& options, Plan& plan,
                            LayerRunOptions& layers) {
  Result<StatsValues> values = Fail(ErrorCode::kIo, "not read");
  if (*a.stats == "auto") {
    if (auto may = TryOutputs(output, plan.values.dtype); !may) return may;
    RunOptions quiet = options;
    quiet.on_failure = nullptr;  // the second pass meets the same ones
    StatsOptions stats;
    stats.settings.scale = a.scale.value_or(0.0);
    const auto measured = measure(stats, quiet);
    if (!measured) return tl::unexpected<Error>(measured.error());
    if (measured->report.done == 0) return {};
    values = ValuesOf(measured->totals);
  } else {
    values = ReadValues(*a.stats);
  }
  if (!values) {
    const ErrorCode code =
        values.error().code == ErrorCode::kNotFound ? ErrorCode::kNotFound : ErrorCode::kBadConfig;
    return Fail(code, fmt::format("--stats {}: {}", *a.stats, values.error().message));
  }
  plan.method = Method::kGiven;
  plan.values.mean = values->mean;
  plan.values.std = values->std;
  plan.values.rescale = true;
  if (values->scale == 255.0 || values->scale == 65535.0) {
    plan.values.scale = 255.0;
  } else {
    plan.values.scale = values->scale;
    if (!a.denormalize && !layers.scale) layers.scale = values->scale;
  }
  const bool reversed = (values->channel_order == "bgr" && plan.channels == ChannelOrder::kRgb) ||
                        (values->channel_order == "rgb" && plan.channels == ChannelOrder::kBgr);
  if (reversed) {
    std::reverse(plan.values.mean.begin(), plan.values.mean.end());
    std::reverse(plan.values.std.begin(), plan.values.std.end());
  }
  return {};
}

LayerRunOptions LayerOptions(const Arguments& a) {
  LayerRunOptions layers;
  layers.scale = a.scale;
  layers.denormalize = a.denormalize;
  layers.report_file = a.report_norm;
  layers.overwrite = a.force;
  return layers;
}

int RunTensor(const std::string& path, Plan plan, const OutputOptions& output,
              const RunOptions& options, const Arguments& arguments, Console& console) {
  if (!arguments.shard.empty()) {
    return FailWith({ErrorCode::kBadArgument, "--shard divides lists of pictures, not a tensor"},
                    console);
  }
  if (arguments.dry_run) {
    if (auto may = CheckDryRun(output); !may) return FailWith(may.error(), console);
    const auto text = TensorDryRunText(path, plan, output);
    return text ? PrintAnswer(*text, kExitDone, console) : FailWith(text.error(), console);
  }
  LayerRunOptions layers = LayerOptions(arguments);
  if (arguments.stats) {
    const Measure measure = [&](const StatsOptions& stats, const RunOptions& quiet) {
      return MeasureTensor(path, 1, 1, stats, quiet);
    };
    auto taken = TakeStatistics(arguments, measure, output, options, plan, layers);
    if (!taken) {
      console.EndProgress();
      return FailWith(taken.error(), console);
    }
  }
  const auto report = NormalizeTensor(path, plan, layers, output, options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  console.PrintInfo(fmt::format("{} {} samples in {:.2f} s -> {} {} [{}]",
                                arguments.denormalize ? "denormalized" : "normalized", report->rows,
                                report->seconds, output.path, WordOf(plan.values.dtype),
                                fmt::join(report->shape, ", ")));
  return kExitDone;
}

}  // namespace

int RunNormalize(const Arguments& arguments, Console& console) {
  auto plan = ResolvePlan(arguments);
  if (!plan) return FailWith(plan.error(), console);
  if (arguments.print_plan) {
    if (const auto kernel = ValueKernelOf(*plan)) console.PrintInfo("values: " + *kernel);
    return PrintAnswer(PlanToJson(*plan), kExitDone, console);
  }
  const auto output = ResolveOutput(arguments);
  if (!output) return FailWith(output.error(), console);
  auto options = ResolveRun(arguments);
  if (!options) return FailWith(options.error(), console);
  const auto shard = ResolveShard(arguments);
  if (!shard) return FailWith(shard.error(), console);
  const auto tensor = TensorInput(arguments);
  if (!tensor) return FailWith(tensor.error(), console);
  ShowRunOn(console, *options);
  if (!tensor->empty()) {
    return RunTensor(*tensor, *plan, *output, *options, arguments, console);
  }
  const auto list = ListInputs(arguments.inputs);
  if (!list) return FailWith(list.error(), console);
  const ShardRange range = ShardOf(list->inputs.size(), shard->index, shard->count);
  if (arguments.dry_run) {
    if (auto may = CheckDryRun(*output); !may) return FailWith(may.error(), console);
    return PrintAnswer(DryRunText(*plan, range.end - range.begin, *output), kExitDone, console);
  }

  LayerRunOptions layers = LayerOptions(arguments);
  if (arguments.stats) {
    if (*arguments.stats == "auto" && range.end - range.begin != list->inputs.size()) {
      return FailWith({ErrorCode::kBadArgument,
                       "--stats auto measures the whole input: measure first with stats, then give "
                       "every shard --stats stats.json"},
                      console);
    }
    const Measure measure = [&](const StatsOptions& stats, const RunOptions& quiet) {
      return MeasurePictures(*list, 1, 1, *plan, stats, quiet);
    };
    auto taken = TakeStatistics(arguments, measure, *output, *options, *plan, layers);
    if (taken) taken = ValidatePlan(*plan);
    if (!taken) {
      console.EndProgress();
      return FailWith(taken.error(), console);
    }
  }
  const auto report = NormalizePictures(*list, range, *plan, layers, *output, *options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  TellNothingFound(arguments, *shard, *report, console);
  console.PrintSummary(*report, "normalized",
                       report->done == 0
                           ? "nothing written"
                           : fmt::format("{} {} [{}]", output->path, WordOf(plan->values.dtype),
                                         fmt::join(report->shape, ", ")));
  return ExitCodeOf(*report);
}

}  // namespace imnorm::cli
