// Names and reads every field of a resize.
#include "plan/resize_json.h"

#include <algorithm>
#include <string>
#include <vector>

#include "imnorm/words.h"

namespace imnorm {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr int64_t kLargestSide = int64_t(1) << 24;
constexpr int64_t kLargestPatch = 4096;
constexpr int64_t kMostTiles = 1024;
constexpr size_t kMostSizes = 1024;
constexpr int64_t kLargestGap = 1024;

template <typename E>
std::string Text(E value) {
  return std::string(WordOf(value));
}

// [[width, height], ...]
void ReadSizes(ObjectReader& reader, std::vector<TileSize>& sizes) {
  const Json* list = reader.Find("sizes");
  if (!list) return;
  sizes.clear();
  const auto is_side = [](const Json& side) {
    return side.is_number_integer() && side >= 1 && side <= kLargestSide;
  };
  const bool fits =
      list->is_array() && list->size() <= kMostSizes &&
      std::ranges::all_of(*list, [&](const Json& size) {
        return size.is_array() && size.size() == 2 && is_side(size[0]) && is_side(size[1]);
      });
  if (!fits) return reader.FailAt("sizes", "is no list of [width, height]");
  for (const Json& size : *list) sizes.push_back({size[0].get<int>(), size[1].get<int>()});
}

}  // namespace

void ReadResize(ObjectReader& reader, ResizePlan& resize) {
  reader.Choice("kind", resize.kind);
  reader.Int("size", resize.size, 1, kLargestSide);
  reader.Int("max_size", resize.max_size, 1, kLargestSide);
  reader.Int("width", resize.width, 1, kLargestSide);
  reader.Int("height", resize.height, 1, kLargestSide);
  reader.Int("multiple", resize.multiple, 1, kLargestSide);
  reader.Choice("multiple_rounding", resize.multiple_rounding);
  reader.Choice("smart", resize.smart);
  reader.Int64("min_pixels", resize.min_pixels, 0, INT64_MAX);
  reader.Int64("max_pixels", resize.max_pixels, 1, INT64_MAX);
  reader.Int("frames", resize.frames, 1, kLargestSide);
  reader.Choice("tiles", resize.tiles);
  reader.Int("min_tiles", resize.min_tiles, 1, kMostTiles);
  reader.Int("max_tiles", resize.max_tiles, 1, kMostTiles);
  reader.Int("max_side_tiles", resize.max_side_tiles, 1, kMostTiles);
  reader.Choice("fit", resize.fit);
  ReadSizes(reader, resize.sizes);
  reader.Int("min_side", resize.min_side, 1, kLargestSide);
  reader.Int("patch", resize.patch, 1, kLargestPatch);
  reader.Int("padded_multiple", resize.padded_multiple, 1, kLargestPatch);
  reader.Int("stride", resize.stride, 1, kLargestSide);
  bool half_up = false;  // as 0.1.0 wrote it
  reader.Bool("round_half_up", half_up);
  if (half_up) resize.rounding = SideRounding::kHalfUp;
  reader.Choice("rounding", resize.rounding);
  reader.Choice("filter", resize.filter);
  reader.Choice("engine", resize.engine);
  reader.Int("pillow", resize.pillow, kOldestPillow, kNewestPillow);
  reader.Int("reducing_gap", resize.reducing_gap, 1, kLargestGap);
  reader.Bool("corners", resize.corners);
  reader.Bool("blur", resize.blur);
}

OrderedJson ResizeJson(const ResizePlan& resize) {
  OrderedJson json;
  json["kind"] = Text(resize.kind);
  switch (resize.kind) {
    case ResizeKind::kNone:
      return json;
    case ResizeKind::kShortEdge:
    case ResizeKind::kShortEdgeWithin:
    case ResizeKind::kBothEdges:
      json["size"] = resize.size;
      if (resize.max_size) json["max_size"] = resize.max_size;
      break;
    case ResizeKind::kLongEdge:
    case ResizeKind::kLongEdgeEven:
      json["size"] = resize.size;
      if (resize.max_size) json["max_size"] = resize.max_size;
      if (resize.min_side) json["min_side"] = resize.min_side;
      break;
    case ResizeKind::kExact:
    case ResizeKind::kFitInside:
    case ResizeKind::kRatioInside:
    case ResizeKind::kRatioOutside:
    case ResizeKind::kLetterbox:
    case ResizeKind::kShrinkInside:
    case ResizeKind::kNearestScale:
    case ResizeKind::kThumbnail:
      json["width"] = resize.width;
      json["height"] = resize.height;
      break;
    case ResizeKind::kOwnSize:
      break;
    case ResizeKind::kSmart:
      json["smart"] = Text(resize.smart);
      json["min_pixels"] = resize.min_pixels;
      json["max_pixels"] = resize.max_pixels;
      if (resize.smart == SmartRule::kGlm) json["frames"] = resize.frames;
      if (resize.smart == SmartRule::kShrunk) {
        json["max_size"] = resize.max_size;
        json["patch"] = resize.patch;
        json["padded_multiple"] = resize.padded_multiple;
      }
      break;
    case ResizeKind::kTileGrid:
      json["width"] = resize.width;
      json["height"] = resize.height;
      json["tiles"] = Text(resize.tiles);
      json["min_tiles"] = resize.min_tiles;
      json["max_tiles"] = resize.max_tiles;
      if (resize.max_side_tiles > 0) json["max_side_tiles"] = resize.max_side_tiles;
      if (resize.fit != TileFit::kWarp) json["fit"] = Text(resize.fit);
      for (const TileSize& size : resize.sizes) {
        json["sizes"].push_back(OrderedJson::array({size.width, size.height}));
      }
      break;
  }
  if (resize.multiple != 1) {
    json["multiple"] = resize.multiple;
    if (resize.kind != ResizeKind::kSmart) {
      json["multiple_rounding"] = Text(resize.multiple_rounding);
    }
  }
  if (resize.stride > 0) json["stride"] = resize.stride;
  if (resize.rounding != SideRounding::kTruncate) json["rounding"] = Text(resize.rounding);
  json["filter"] = Text(resize.filter);
  json["engine"] = Text(resize.engine);
  if (resize.engine == ResizeEngine::kPillow) json["pillow"] = resize.pillow;
  if (resize.reducing_gap > 0) json["reducing_gap"] = resize.reducing_gap;
  if (resize.corners) json["corners"] = true;
  if (resize.blur) json["blur"] = true;
  return json;
}

}  // namespace imnorm
