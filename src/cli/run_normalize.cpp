#include <fmt/format.h>
#include <fmt/ranges.h>

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

}  // namespace

int RunNormalize(const Arguments& arguments, Console& console) {
  auto plan = ResolvePlan(arguments);
  if (!plan) return FailWith(plan.error(), console);
  if (arguments.print_plan) return PrintAnswer(PlanToJson(*plan), kExitDone, console);
  const auto output = ResolveOutput(arguments);
  if (!output) return FailWith(output.error(), console);
  auto options = ResolveRun(arguments);
  if (!options) return FailWith(options.error(), console);
  const auto shard = ResolveShard(arguments);
  if (!shard) return FailWith(shard.error(), console);
  const auto list = ListInputs(arguments.inputs);
  if (!list) return FailWith(list.error(), console);
  const ShardRange range = ShardOf(list->inputs.size(), shard->index, shard->count);
  if (arguments.dry_run) {
    return PrintAnswer(DryRunText(*plan, range.end - range.begin, *output), kExitDone, console);
  }

  ShowRunOn(console, *options);
  const auto report = NormalizePictures(*list, range, *plan, *output, *options);
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
