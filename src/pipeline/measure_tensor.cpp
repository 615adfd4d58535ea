// A tensor file -> exact statistics; every sample is an image.
#include <fmt/format.h>

#include "imnorm/layers.h"
#include "pipeline/measure_stages.h"
#include "pipeline/runs.h"
#include "pipeline/tensor_hash.h"
#include "pipeline/tensor_items.h"
#include "pipeline/tensor_sums.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

// The planes of a volume are one under another.
//
// Errors:   kTooLarge: more channels or larger planes than statistics take
Result<PlaneShape> ShapeOf(const std::string& path, const std::vector<int64_t>& sides) {
  constexpr int64_t kMostChannels = 4096;
  constexpr int64_t kMostSide = int64_t{1} << 30;
  if (sides[0] > kMostChannels) {
    return Fail(ErrorCode::kTooLarge, fmt::format("{}: {} channels, where statistics take {}", path,
                                                  sides[0], kMostChannels));
  }
  const int64_t width = sides.size() >= 2 ? sides.back() : 1;
  int64_t height = 1;
  for (size_t i = 1; i + 1 < sides.size(); ++i) {
    if (sides[i] > kMostSide / height) height = kMostSide + 1;  // and no further side fits either
    if (height <= kMostSide) height *= sides[i];
  }
  if (width > kMostSide || height > kMostSide) {
    return Fail(ErrorCode::kTooLarge, fmt::format("{}: planes of {}, where statistics take sides "
                                                  "of {}",
                                                  path, ShapeText(sides), kMostSide));
  }
  return PlaneShape{int(sides[0]), int(height), int(width)};
}

}  // namespace

Result<StatsResult> MeasureTensor(const TensorSource& source, Shard shard,
                                  const StatsOptions& stats, const RunOptions& options,
                                  std::vector<DurableFile>& sides) {
  const std::string& path = source.path;
  auto file = TensorFile::Open(path, source.name);
  if (!file) return Failed(file);
  LayerJob job;
  const auto axes = DescribeTensor(*file, source.layout, &job);
  if (!axes) return Prefixed(path, axes.error());
  const auto shape = ShapeOf(path, job.sample_shape);
  if (!shape) return Failed(shape);
  const ElementType type = file->type();
  const bool is_float = type != ElementType::kU8 && type != ElementType::kU16;
  StatsSettings settings;
  static_cast<StatsNumbers&>(settings) = stats.numbers;
  settings.channels = shape->channels;
  // Pairs of channels grow with their square: beyond some dozens nobody reads them.
  settings.cross = shape->channels <= 64;
  settings.samples = is_float                    ? SampleKind::kFloat
                     : type == ElementType::kU16 ? SampleKind::kU16
                                                 : SampleKind::kU8;
  settings.scale = stats.scale.value_or(UsualScale(type));
  settings.channel_order = "native";
  settings.list_hash = "xxh3-128:" + TensorHash(source);
  settings.list_entries = axes->samples ? uint64_t(file->shape()[0]) : 1;
  if (is_float && settings.histogram) {
    return Blame("measure.histogram",
                 path +
                     ": `measure.histogram` and `measure.percentiles` count integer samples, not " +
                     ElementTypeName(type));
  }

  TensorSamples samples(*file, *axes);
  const ShardRange range = ShardOf(size_t(samples.count()), shard.index, shard.count);
  Measured measured{Totals(settings, ShardSet{int(shard.count), {int(shard.index)}})};
  TensorItems items(source, *file, uint64_t(samples.count()), range, options);
  const TensorSums sums(samples, type, *shape, range.begin, measured.totals.settings());
  return RunSums(items, sums, stats, options, measured, sides);
}

}  // namespace imnorm
