#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/resolve.h"

namespace imnorm::cli {
namespace {

const char* DTypeName(DType dtype) {
  switch (dtype) {
    case DType::kFloat32:
      return "float32";
    case DType::kFloat16:
      return "float16";
    case DType::kBFloat16:
      return "bfloat16";
    case DType::kUInt8:
      return "uint8";
    case DType::kInt8:
      return "int8";
  }
  return "";
}

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
                                 FileFormatName(output.format), DTypeName(plan.values.dtype));
  const auto size = FixedSize(plan.geometry);
  if (!size) return text + "shape   that of the pictures: no resize or crop fixes it\n";
  std::vector<int64_t> shape = {int64_t(inputs), ChannelCount(plan), size->first, size->second};
  if (plan.layout == Layout::kNhwc) shape = {shape[0], shape[2], shape[3], shape[1]};
  uint64_t bytes = DTypeBytes(plan.values.dtype);
  for (const int64_t side : shape) bytes *= uint64_t(side);
  return text +
         fmt::format("shape   [{}] at most\nbytes   {} at most\n", fmt::join(shape, ", "), bytes);
}

// Mean and std from --stats: a file's, or measured on the same pixels in a pass before.
Result<void> TakeStatistics(const Arguments& a, const InputList& list, ShardRange range,
                            const RunOptions& options, Plan& plan) {
  Result<Totals> totals = Fail(ErrorCode::kIo, "not read");
  if (*a.stats == "auto") {
    if (range.end - range.begin != list.inputs.size()) {
      return Fail(ErrorCode::kBadArgument,
                  "--stats auto measures the whole input: measure first with stats, then give "
                  "every shard --stats stats.json");
    }
    RunOptions quiet = options;
    quiet.on_failure = nullptr;  // the second pass meets the same ones
    StatsOptions stats;
    stats.settings.scale = a.scale.value_or(0.0);  // unset: the samples' maximum, as stats does
    auto measured = MeasurePictures(list, 1, 1, plan, stats, quiet);
    if (!measured) return tl::unexpected<Error>(measured.error());
    if (measured->report.done == 0) return {};  // the second pass says so
    totals = std::move(measured->totals);
  } else {
    std::vector<uint8_t> bytes;
    if (auto read = ReadFile(*a.stats, uint64_t{1} << 32, false, bytes); !read) {
      return Prefixed("--stats " + *a.stats, std::move(read.error()));
    }
    totals = ParseStats({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  const auto values =
      totals ? ValuesOf(*totals) : Result<StatsValues>(tl::unexpected<Error>(totals.error()));
  if (!values) {
    return Fail(ErrorCode::kBadConfig,
                fmt::format("--stats {}: {}", *a.stats, values.error().message));
  }
  plan.method = Method::kGiven;
  plan.values.mean = values->mean;
  plan.values.std = values->std;
  // Of either depth, the samples' maximum is 1: that is what scale 255 says in a plan.
  const bool to_one = totals->settings().samples == SampleKind::kU16 && values->scale == 65535.0;
  plan.values.scale = to_one ? 255.0 : values->scale;
  plan.values.rescale = true;
  const bool reversed = (values->channel_order == "bgr" && plan.channels == ChannelOrder::kRgb) ||
                        (values->channel_order == "rgb" && plan.channels == ChannelOrder::kBgr);
  if (reversed) {
    std::reverse(plan.values.mean.begin(), plan.values.mean.end());
    std::reverse(plan.values.std.begin(), plan.values.std.end());
  }
  if (auto valid = ValidatePlan(plan); !valid) {
    return Prefixed("--stats " + *a.stats, std::move(valid.error()));
  }
  return {};
}

LayerRunOptions LayerOptions(const Arguments& a) {
  LayerRunOptions layers;
  layers.scale = a.scale;
  layers.denormalize = a.denormalize;
  layers.report_file = a.report_norm;
  return layers;
}

int RunTensor(const std::string& path, const Plan& plan, const OutputOptions& output,
              const RunOptions& options, const Arguments& arguments, Console& console) {
  const auto report = NormalizeTensor(path, plan, LayerOptions(arguments), output, options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  console.PrintInfo(fmt::format("{} {} samples in {:.2f} s -> {} {} [{}]",
                                arguments.denormalize ? "denormalized" : "normalized", report->rows,
                                report->seconds, output.path, DTypeName(plan.values.dtype),
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
    return PrintAnswer(DryRunText(*plan, range.end - range.begin, *output), kExitDone, console);
  }

  if (arguments.stats) {
    if (auto taken = TakeStatistics(arguments, *list, range, *options, *plan); !taken) {
      console.EndProgress();
      return FailWith(taken.error(), console);
    }
  }
  const auto report =
      NormalizePictures(*list, range, *plan, LayerOptions(arguments), *output, *options);
  console.EndProgress();
  if (!report) return FailWith(report.error(), console);
  console.PrintSummary(*report, "normalized",
                       report->done == 0
                           ? "nothing written"
                           : fmt::format("{} {} [{}]", output->path, DTypeName(plan->values.dtype),
                                         fmt::join(report->shape, ", ")));
  return ExitCodeOf(*report);
}

}  // namespace imnorm::cli
