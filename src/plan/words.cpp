// The tables of words, one a choice.
#include "imnorm/words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace imnorm {
namespace {

constexpr Word<Engine> kEngines[] = {
    {Engine::kTorchvision, "torchvision"},
    {Engine::kTorchvisionV2, "torchvision-v2"},
    {Engine::kTorch, "torch"},
    {Engine::kTorchFloat, "torch-float"},
    {Engine::kHf, "hf"},
    {Engine::kHfFast, "hf-fast"},
    {Engine::kTimm, "timm"},
    {Engine::kOpencv, "opencv"},
    {Engine::kKeras, "keras"},
    {Engine::kAlbumentations, "albumentations"},
};
constexpr Word<ExifPolicy> kExifPolicies[] = {
    {ExifPolicy::kAuto, "auto"},
    {ExifPolicy::kApply, "apply"},
    {ExifPolicy::kIgnore, "ignore"},
};
constexpr Word<IccPolicy> kIccPolicies[] = {
    {IccPolicy::kIgnore, "ignore"},
    {IccPolicy::kSrgb, "srgb"},
};
constexpr Word<ChannelOrder> kChannelOrders[] = {
    {ChannelOrder::kRgb, "rgb"},
    {ChannelOrder::kBgr, "bgr"},
    {ChannelOrder::kGray, "gray"},
    {ChannelOrder::kNative, "native"},
};
constexpr Word<Method> kMethods[] = {
    {Method::kGiven, "given"},       {Method::kBatch, "batch"}, {Method::kLayer, "layer"},
    {Method::kInstance, "instance"}, {Method::kGroup, "group"}, {Method::kNone, "none"},
};
constexpr Word<Filter> kFilters[] = {
    {Filter::kNearest, "nearest"},   {Filter::kBox, "box"},
    {Filter::kBilinear, "bilinear"}, {Filter::kHamming, "hamming"},
    {Filter::kBicubic, "bicubic"},   {Filter::kLanczos, "lanczos"},
    {Filter::kArea, "area"},         {Filter::kNearestExact, "nearest-exact"},
};
constexpr Word<ResizeKind> kResizeKinds[] = {
    {ResizeKind::kNone, "none"},
    {ResizeKind::kShortEdge, "short_edge"},
    {ResizeKind::kShortEdgeWithin, "short_edge_within"},
    {ResizeKind::kExact, "exact"},
    {ResizeKind::kLongEdge, "long_edge"},
    {ResizeKind::kFitInside, "fit_inside"},
    {ResizeKind::kRatioInside, "ratio_inside"},
    {ResizeKind::kRatioOutside, "ratio_outside"},
    {ResizeKind::kLetterbox, "letterbox"},
    {ResizeKind::kShrinkInside, "shrink_inside"},
    {ResizeKind::kNearestScale, "nearest_scale"},
    {ResizeKind::kOwnSize, "own_size"},
    {ResizeKind::kSmart, "smart"},
    {ResizeKind::kTileGrid, "tile_grid"},
    {ResizeKind::kLongEdgeEven, "long_edge_even"},
    {ResizeKind::kThumbnail, "thumbnail"},
    {ResizeKind::kBothEdges, "both_edges"},
};
constexpr Word<MultipleRounding> kMultipleRoundings[] = {
    {MultipleRounding::kFloor, "floor"},
    {MultipleRounding::kCeil, "ceil"},
    {MultipleRounding::kNearest, "nearest"},
};
constexpr Word<SmartRule> kSmartRules[] = {
    {SmartRule::kQwen, "qwen"},     {SmartRule::kGlm, "glm"},
    {SmartRule::kLift, "lift"},     {SmartRule::kGlmImage, "glm_image"},
    {SmartRule::kBudget, "budget"}, {SmartRule::kPooled, "pooled"},
    {SmartRule::kShrunk, "shrunk"}, {SmartRule::kLeast, "least"},
};
constexpr Word<TileRule> kTileRules[] = {
    {TileRule::kRatio, "ratio"},
    {TileRule::kScale, "scale"},
    {TileRule::kCovering, "covering"},
    {TileRule::kContaining, "containing"},
    {TileRule::kOwn, "own"},
    {TileRule::kSizes, "sizes"},
    {TileRule::kCanvas, "canvas"},
    {TileRule::kCanvas32, "canvas_float32"},
    {TileRule::kLargestCanvas, "largest_canvas_float32"},
    {TileRule::kFewest, "fewest"},
};
constexpr Word<TileFit> kTileFits[] = {
    {TileFit::kWarp, "warp"},
    {TileFit::kMiddle, "middle"},
    {TileFit::kCorner, "corner"},
    {TileFit::kCornerWhole, "corner_whole"},
};
constexpr Word<OpencvRelease> kOpencvReleases[] = {
    {OpencvRelease::k50, "5.0"},
    {OpencvRelease::k410, "4.10"},
};
constexpr Word<Overview> kOverviews[] = {
    {Overview::kNone, "none"},
    {Overview::kFirst, "first"},
    {Overview::kLast, "last"},
    {Overview::kBefore, "before"},
};
constexpr Word<PatchNumbers> kPatchNumbers[] = {
    {PatchNumbers::kGrid, "image_grid_thw"},
    {PatchNumbers::kCount, "num_patches"},
    {PatchNumbers::kGridSides, "grids"},
    {PatchNumbers::kRowsCols, "rows_cols"},
    {PatchNumbers::kRowsColsOf, "rows_cols_or_0"},
    {PatchNumbers::kCrops, "num_crops"},
    {PatchNumbers::kSourceSizes, "source_image_sizes"},
    {PatchNumbers::kSourceBatch, "source_image_sizes_and_batch"},
    {PatchNumbers::kShapesMask, "spatial_shapes"},
    {PatchNumbers::kPositions, "image_position_ids"},
    {PatchNumbers::kAspectIds, "aspect_ratio_ids"},
    {PatchNumbers::kAspectRatios, "aspect_ratios"},
    {PatchNumbers::kTileCrops, "num_crops_of_tiles"},
    {PatchNumbers::kHdMask, "image_attention_mask"},
    {PatchNumbers::kTileShapes, "spatial_shapes_of_tiles"},
    {PatchNumbers::kPixelMask, "pixel_mask"},
    {PatchNumbers::kImageSizes, "image_sizes"},
    {PatchNumbers::kOriginalSizes, "original_sizes"},
    {PatchNumbers::kSamSizes, "reshaped_input_sizes"},
    {PatchNumbers::kMaskCrops, "pixel_mask_and_num_crops"},
    {PatchNumbers::kAttentionMask, "pixel_attention_mask"},
};
constexpr Word<PatchElements> kPatchElements[] = {
    {PatchElements::kChannelsFirst, "channels_first"},
    {PatchElements::kChannelsLast, "channels_last"},
};
constexpr Word<ResizeEngine> kResizeEngines[] = {
    {ResizeEngine::kPillow, "pillow"},
    {ResizeEngine::kOpencv, "opencv"},
    {ResizeEngine::kTorch, "torch"},
    {ResizeEngine::kTorchFloat, "torch-float"},
    {ResizeEngine::kTorchScaled, "torch-scaled"},
    {ResizeEngine::kTorchDirect, "torch-direct"},
};
constexpr Word<SideRounding> kSideRoundings[] = {
    {SideRounding::kTruncate, "truncate"},  {SideRounding::kHalfUp, "half_up"},
    {SideRounding::kHalfEven, "half_even"}, {SideRounding::kScaled, "scaled"},
    {SideRounding::kTo32nds, "to_32nds"},
};
constexpr Word<BorderKind> kBorderKinds[] = {
    {BorderKind::kNone, "none"},
    {BorderKind::kMirrorBehind, "mirror_behind"},
    {BorderKind::kMirrorAround, "mirror_around"},
    {BorderKind::kSquare, "square"},
};
constexpr Word<CropRounding> kCropRoundings[] = {
    {CropRounding::kHalfEven, "half_even"}, {CropRounding::kFloor, "floor"},
    {CropRounding::kTruncate, "truncate"},  {CropRounding::kCeil, "ceil"},
    {CropRounding::kCorner, "corner"},
};
constexpr Word<Arithmetic> kArithmetics[] = {
    {Arithmetic::kTorchvision, "torchvision"},
    {Arithmetic::kReciprocal, "reciprocal"},
    {Arithmetic::kHuggingFace, "huggingface"},
    {Arithmetic::kFused, "fused"},
    {Arithmetic::kOpencv, "opencv"},
    {Arithmetic::kRaw, "raw"},
    {Arithmetic::kAlbumentations, "albumentations"},
    {Arithmetic::kBfloat16, "bfloat16"},
};
constexpr size_t kOutputTypeCount = size_t(
    std::ranges::count_if(kElementTypes, [](const ElementTypeRow& row) { return row.is_output; }));
constexpr auto kOutputTypes = [] {
  std::array<Word<ElementType>, kOutputTypeCount> words{};
  size_t n = 0;
  for (const ElementTypeRow& row : kElementTypes) {
    if (row.is_output) words[n++] = {row.type, row.word};
  }
  return words;
}();
constexpr Word<Layout> kLayouts[] = {
    {Layout::kNchw, "nchw"},
    {Layout::kNhwc, "nhwc"},
};
constexpr Word<JpegDecoder> kJpegDecoders[] = {
    {JpegDecoder::kAuto, "auto"},
    {JpegDecoder::kTurbo, "turbo"},
};
constexpr Word<PngDecoder> kPngDecoders[] = {
    {PngDecoder::kAuto, "auto"},
    {PngDecoder::kSpng, "spng"},
};

bool ParseHexColour(std::string_view text, uint8_t colour[3]) {
  if (text.size() != 7 || text[0] != '#') return false;
  for (int c = 0; c < 3; ++c) {
    const char* begin = text.data() + 1 + 2 * c;
    const auto parsed = std::from_chars(begin, begin + 2, colour[c], 16);
    if (parsed.ec != std::errc() || parsed.ptr != begin + 2) return false;
  }
  return true;
}

}  // namespace

template <>
std::span<const Word<Engine>> Words<Engine>() {
  return kEngines;
}
template <>
std::span<const Word<ExifPolicy>> Words<ExifPolicy>() {
  return kExifPolicies;
}
template <>
std::span<const Word<IccPolicy>> Words<IccPolicy>() {
  return kIccPolicies;
}
template <>
std::span<const Word<ChannelOrder>> Words<ChannelOrder>() {
  return kChannelOrders;
}
template <>
std::span<const Word<Method>> Words<Method>() {
  return kMethods;
}
template <>
std::span<const Word<Filter>> Words<Filter>() {
  return kFilters;
}
template <>
std::span<const Word<ResizeKind>> Words<ResizeKind>() {
  return kResizeKinds;
}
template <>
std::span<const Word<BorderKind>> Words<BorderKind>() {
  return kBorderKinds;
}
template <>
std::span<const Word<MultipleRounding>> Words<MultipleRounding>() {
  return kMultipleRoundings;
}
template <>
std::span<const Word<SmartRule>> Words<SmartRule>() {
  return kSmartRules;
}
template <>
std::span<const Word<TileRule>> Words<TileRule>() {
  return kTileRules;
}
template <>
std::span<const Word<TileFit>> Words<TileFit>() {
  return kTileFits;
}
template <>
std::span<const Word<OpencvRelease>> Words<OpencvRelease>() {
  return kOpencvReleases;
}
template <>
std::span<const Word<Overview>> Words<Overview>() {
  return kOverviews;
}
template <>
std::span<const Word<PatchNumbers>> Words<PatchNumbers>() {
  return kPatchNumbers;
}
template <>
std::span<const Word<PatchElements>> Words<PatchElements>() {
  return kPatchElements;
}
template <>
std::span<const Word<ResizeEngine>> Words<ResizeEngine>() {
  return kResizeEngines;
}
template <>
std::span<const Word<SideRounding>> Words<SideRounding>() {
  return kSideRoundings;
}
template <>
std::span<const Word<CropRounding>> Words<CropRounding>() {
  return kCropRoundings;
}
template <>
std::span<const Word<Arithmetic>> Words<Arithmetic>() {
  return kArithmetics;
}
template <>
std::span<const Word<ElementType>> Words<ElementType>() {
  return kOutputTypes;
}
template <>
std::span<const Word<Layout>> Words<Layout>() {
  return kLayouts;
}
template <>
std::span<const Word<JpegDecoder>> Words<JpegDecoder>() {
  return kJpegDecoders;
}
template <>
std::span<const Word<PngDecoder>> Words<PngDecoder>() {
  return kPngDecoders;
}

std::string UnknownWord(std::string_view what, std::string_view text,
                        const std::vector<std::string>& known) {
  const std::string nearest = NearestWord(text, known);
  if (!nearest.empty()) {
    return fmt::format("unknown {} \"{}\": did you mean \"{}\"?", what, text, nearest);
  }
  return fmt::format("unknown {} \"{}\"; known: {}", what, text, fmt::join(known, ", "));
}

Result<AlphaChoice> ParseAlpha(std::string_view text) {
  AlphaChoice choice;
  if (text == "drop") return choice;
  if (text == "mask") {
    choice.policy = AlphaPolicy::kMask;
    return choice;
  }
  choice.policy = AlphaPolicy::kComposite;
  if (text == "white") return choice;
  if (text == "black") {
    for (uint8_t& level : choice.background) level = 0;
    return choice;
  }
  if (ParseHexColour(text, choice.background)) return choice;
  return Fail(ErrorCode::kBadArgument,
              UnknownWord("alpha", text, {"drop", "mask", "white", "black", "#rrggbb"}));
}

std::string AlphaWord(AlphaPolicy policy, const uint8_t background[3]) {
  if (policy == AlphaPolicy::kDrop) return "drop";
  if (policy == AlphaPolicy::kMask) return "mask";
  return fmt::format("#{:02x}{:02x}{:02x}", background[0], background[1], background[2]);
}

}  // namespace imnorm
