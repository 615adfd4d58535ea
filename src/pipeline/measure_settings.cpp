// Settles what a statistics run measures, by its plan and the first picture.
#include "pipeline/measure_settings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "imnorm/words.h"

namespace imnorm {
namespace {

// Pairs of channels grow with their square: beyond some dozens nobody reads them.
constexpr int kMostPairedChannels = 64;

// The geometry in the words of the command line: "native", "resize 256 bilinear, crop 224x224".
std::string DescribePixels(const GeometryPlan& geometry) {
  const ResizePlan& resize = geometry.resize;
  const bool bordered = geometry.border.kind != BorderKind::kNone;
  std::string text;
  switch (resize.kind) {
    case ResizeKind::kNone:
      break;
    case ResizeKind::kShortEdge:
    case ResizeKind::kShortEdgeWithin:
      text = fmt::format("resize {}", resize.size);
      if (resize.max_size > 0) text += fmt::format(",max:{}", resize.max_size);
      break;
    case ResizeKind::kLongEdge:
    case ResizeKind::kLongEdgeEven:
      text = fmt::format("resize long:{}", resize.size);
      break;
    case ResizeKind::kExact:
      text = fmt::format("resize {}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kFitInside:
    case ResizeKind::kRatioInside:
      text = fmt::format("resize inside {}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kRatioOutside:
      text = fmt::format("resize outside {}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kLetterbox:
      text = fmt::format("resize letterbox:{}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kShrinkInside:
    case ResizeKind::kNearestScale:
    case ResizeKind::kThumbnail:
      text = fmt::format("resize {} {}x{}", WordOf(resize.kind), resize.width, resize.height);
      break;
    case ResizeKind::kBothEdges:
      text = fmt::format("resize {} {} to {}", WordOf(resize.kind), resize.size, resize.max_size);
      break;
    case ResizeKind::kOwnSize:
      text = "resize";
      break;
    case ResizeKind::kSmart:
      text = fmt::format("resize {} {}..{} pixels", WordOf(resize.smart), resize.min_pixels,
                         resize.max_pixels);
      break;
    case ResizeKind::kTileGrid:
      text = fmt::format("resize to {} to {} tiles of {}x{} by {}", resize.min_tiles,
                         resize.max_tiles, resize.width, resize.height, WordOf(resize.tiles));
      break;
  }
  if (resize.multiple > 1) text += fmt::format(" multiple:{}", resize.multiple);
  if (!text.empty()) {
    text += fmt::format(" {}", WordOf(resize.filter));
    if (resize.engine == ResizeEngine::kOpencv) text += " (opencv)";
  }
  if (geometry.crop.width > 0) {
    text += fmt::format("{}crop {}x{}", text.empty() ? "" : ", ", geometry.crop.width,
                        geometry.crop.height);
  }
  if (bordered)
    text =
        fmt::format("border {}{}{}", WordOf(geometry.border.kind), text.empty() ? "" : ", ", text);
  return text.empty() ? "native" : text;
}

// The pixels that count, in words, after the geometry.
std::string DescribeFilter(const Plan& plan, const PixelFilter& filter) {
  std::string text;
  if (plan.alpha == AlphaPolicy::kMask) text += ", transparent ones left out";
  if (!filter.ignore_values.empty()) {
    text += fmt::format(", value {} left out", fmt::join(filter.ignore_values, ","));
  }
  if (!filter.mask_dir.empty()) text += ", masked";
  return text;
}

}  // namespace

bool IsNative(const GeometryPlan& geometry) {
  return geometry.resize.kind == ResizeKind::kNone && geometry.crop.width == 0 &&
         geometry.border.kind == BorderKind::kNone;
}

StatsSettings SettingsOf(const InputList& list, const Plan& plan, const StatsOptions& stats,
                         const std::optional<ImageInfo>& native) {
  StatsSettings settings;
  static_cast<StatsNumbers&>(settings) = stats.numbers;
  settings.channels = native ? native->channels : ChannelCount(plan);
  settings.samples = plan.depth == 16 ? SampleKind::kU16 : SampleKind::kU8;
  if (native) {
    settings.samples = native->type == ElementType::kU8    ? SampleKind::kU8
                       : native->type == ElementType::kU16 ? SampleKind::kU16
                                                           : SampleKind::kFloat;
    settings.cross = native->channels <= kMostPairedChannels;
  }
  settings.scale = stats.scale.value_or(settings.samples == SampleKind::kFloat ? 1.0
                                        : settings.samples == SampleKind::kU16 ? 65535.0
                                                                               : 255.0);
  settings.channel_order = WordOf(plan.channels);
  settings.pixels_are = DescribePixels(plan.geometry) + DescribeFilter(plan, stats.filter);
  settings.plan = PlanToJson(plan);
  settings.list_hash = "xxh3-128:" + list.Hash();
  settings.list_entries = list.inputs.size();
  return settings;
}

Result<void> CheckFilter(const Plan& plan, const PixelFilter& filter) {
  if (plan.geometry.resize.engine == ResizeEngine::kTorchScaled ||
      plan.geometry.resize.engine == ResizeEngine::kTorchDirect) {
    return Blame(
        "resize.engine",
        "this plan resizes float32 values, and statistics are of bytes: give `like` torch");
  }
  if (plan.channels == ChannelOrder::kNative && !IsNative(plan.geometry)) {
    return Blame("channels",
                 "statistics of `channels` native are of the stored pixels: leave out `preset`, "
                 "`resize` and `crop`");
  }
  const bool filters =
      plan.alpha == AlphaPolicy::kMask || !filter.ignore_values.empty() || !filter.mask_dir.empty();
  if (filters && !IsNative(plan.geometry)) {
    return Blame("measure.ignore_value",
                 "`measure.ignore_value`, `measure.mask_dir` and `alpha` mask choose among native "
                 "pixels: leave out "
                 "`preset`, `resize` and `crop`");
  }
  return {};
}

Result<void> CheckSettings(const StatsSettings& settings, const PixelFilter& filter) {
  const size_t values = filter.ignore_values.size();
  if (values > 1 && values != size_t(settings.channels)) {
    return Blame("measure.ignore_value",
                 fmt::format("`measure.ignore_value`: {} values for {} channels", values,
                             settings.channels));
  }
  if (settings.samples != SampleKind::kFloat) {
    for (const double value : filter.ignore_values) {
      if (!(value >= 0 && value <= 65535 && value == std::floor(value))) {
        return Blame(
            "measure.ignore_value",
            fmt::format("`measure.ignore_value` {}: samples are whole numbers from 0 to 65535; "
                        "others are those of bands of floats and signed integers, with "
                        "`channels` native",
                        value));
      }
    }
  }
  if (settings.histogram && settings.samples == SampleKind::kFloat) {
    return Blame("measure.histogram",
                 "`measure.histogram` and `measure.percentiles` count samples from 0 to 255 or "
                 "65535; floats and "
                 "signed integers have none");
  }
  return {};
}

}  // namespace imnorm
