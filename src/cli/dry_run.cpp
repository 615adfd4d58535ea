// The lines of --dry-run, from what is known without reading a pixel.
#include "cli/dry_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "geometry/fixed_size.h"
#include "imnorm/tensor.h"
#include "imnorm/words.h"
#include "pipeline/needed_modules.h"
#include "sink/shard_paths.h"

namespace imnorm::cli {
namespace {

// Where the tensor goes, and the mean and std that will be used, wherever they come from.
std::string OutputText(const Job& job) {
  const ValuePlan& values = job.plan.values;
  std::string text = fmt::format("output  {} ({}, {})\n", job.output.path, job.output.format,
                                 ElementTypeName(values.dtype));
  if (job.output.sharded()) {
    text += fmt::format("shards  {} a file: {}, ...\n", job.output.shard_size,
                        ShardPath(job.output.path, 0));
  }
  if (job.plan.method != Method::kGiven || (values.mean.empty() && values.std.empty())) return text;
  return text + fmt::format("values  mean [{}], std [{}]\n", fmt::join(values.mean, ", "),
                            fmt::join(values.std, ", "));
}

std::string PicturesText(const Job& job, size_t inputs) {
  const Plan& plan = job.plan;
  const std::string text = fmt::format("inputs  {}\n{}", inputs, OutputText(job));
  const auto size = FixedSize(plan.geometry);
  if (!size) return text + "shape   that of the pictures: no resize or crop fixes it\n";
  if (plan.channels == ChannelOrder::kNative) {
    return text + "shape   of as many channels as the first good picture has\n";
  }
  std::vector<int64_t> shape = {int64_t(inputs), ChannelCount(plan), size->first, size->second};
  if (plan.layout == Layout::kNhwc) shape = {shape[0], shape[2], shape[3], shape[1]};
  uint64_t bytes = ElementBytes(plan.values.dtype);
  for (const int64_t side : shape) bytes *= uint64_t(side);
  return text +
         fmt::format("shape   [{}] at most\nbytes   {} at most\n", fmt::join(shape, ", "), bytes);
}

}  // namespace

Result<std::string> DryRunText(const Job& job, size_t inputs) {
  if (!job.source.is_tensor()) {
    if (auto loaded = LoadModulesOf(job.plan); !loaded) return Failed(loaded);
    return PicturesText(job, inputs);
  }
  const TensorSource& source = job.source.tensor;
  const auto tensor = TensorFile::Open(source.path, source.name);
  if (!tensor) return Failed(tensor);
  return fmt::format("input   {} {} [{}]\n{}bytes   {} at most\n", source.path,
                     ElementTypeName(tensor->type()), fmt::join(tensor->shape(), ", "),
                     OutputText(job),
                     uint64_t(tensor->elements()) * ElementBytes(job.plan.values.dtype));
}

Result<void> CheckDryRun(const OutputOptions& output) {
  if (output.sharded()) return CheckShards(output);
  if (output.overwrite || output.to_stdout() || access(output.path.c_str(), F_OK) != 0) return {};
  return Fail(ErrorCode::kBadArgument, output.path + ": exists already; --force overwrites it");
}

}  // namespace imnorm::cli
