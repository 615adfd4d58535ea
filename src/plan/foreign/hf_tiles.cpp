// InternVL's processor and its like: a grid of tiles and the whole picture beside them.
#include "plan/foreign/hf_tiles.h"

#include <fmt/format.h>

#include <algorithm>

namespace imnorm {
namespace {

constexpr int64_t kLargestTile = 4096;
constexpr int64_t kMostTiles = 1024;
constexpr int64_t kLargestGrid = int64_t(1) << 24;

// PerceptionLM names everything in its own way; "vanilla" is the overview alone.
void ReadPerception(ObjectReader& reader, int& side, HfTiles& tiles) {
  reader.Int("tile_size", side, 1, kLargestTile);
  reader.Int("max_num_tiles", tiles.most, 1, kMostTiles);
  std::string type = "thumb+tile";
  reader.String("vision_input_type", type);
  if (type != "thumb+tile") {
    tiles.most = 1;
    tiles.overview = Overview::kNone;
  }
}

void ReadNumbers(ObjectReader& reader, HfTiles& tiles) {
  reader.Int("max_patches", tiles.most, 1, kMostTiles);
  if (tiles.rule == TileRule::kCovering) {
    bool covering = true;
    reader.Bool("use_covering_area_grid", covering);
    if (!covering) tiles.rule = TileRule::kRatio;
  }
  if (tiles.rule == TileRule::kRatio) reader.Int("min_patches", tiles.least, 1, kMostTiles);
  if (tiles.least > tiles.most) {
    reader.FailAt("min_patches",
                  fmt::format("{} is more than max_patches, {}", tiles.least, tiles.most));
  }
}

// Idefics 3's and SmolVLM's: a long side first, then a grid that covers what that made.
void ReadOwnGrid(ObjectReader& reader, bool cuts, HfTiles& tiles, Plan& plan) {
  ResizePlan& resize = plan.geometry.resize;
  ResizePlan& first = plan.geometry.first;
  int side = 364;
  reader.Object("max_image_size",
                [&](ObjectReader& inner) { inner.Int("longest_edge", side, 1, kLargestTile); });
  reader.Ignore({"return_row_col_info", "do_pad"});
  if (resize.kind != ResizeKind::kLongEdge) {
    return reader.FailAt("size", "this class takes longest_edge");
  }
  first = resize;
  first.kind = ResizeKind::kLongEdgeEven;
  first.max_size = kLargestTile;
  resize.size = 0;
  resize.width = resize.height = side;
  resize.kind = ResizeKind::kExact;
  tiles.on = cuts;
}

// The sizes that LLaVA-NeXT knows, as [height, width].
void ReadPinpoints(ObjectReader& reader, const std::string& key, std::span<const TileSize> known,
                   std::vector<TileSize>& sizes) {
  sizes.assign(known.begin(), known.end());
  const Json* list = reader.Find(key);
  if (!list || list->is_null()) return;
  sizes.clear();
  for (const Json& pair : *list) {
    const bool fits = list->is_array() && pair.is_array() && pair.size() == 2 &&
                      pair[0].is_number_integer() && pair[1].is_number_integer() && pair[0] > 0 &&
                      pair[1] > 0 && pair[0] <= kLargestGrid && pair[1] <= kLargestGrid;
    if (!fits) return reader.FailAt(key, "is no list of [height, width]");
    sizes.push_back({pair[1].get<int>(), pair[0].get<int>()});
  }
}

// crop_size, where that is one side, else 0.
int CropSide(ObjectReader& reader, int side) {
  const Json* size = reader.Find("crop_size");
  if (!size || size->is_null()) return side;
  if (size->is_number_integer()) return size->get<int>();
  const auto is = [&](const char* key) {
    return size->contains(key) && (*size)[key].is_number_integer();
  };
  if (!size->is_object() || !is("height") || !is("width")) return 0;
  return (*size)["height"] == (*size)["width"] ? (*size)["height"].get<int>() : 0;
}

void ReadAnyres(ObjectReader& reader, const HfTiles& tiles, int spare_crop, ResizePlan& resize) {
  const int side = resize.kind == ResizeKind::kShortEdge ? resize.size : resize.width;
  const bool square = resize.kind == ResizeKind::kShortEdge ||
                      (resize.kind == ResizeKind::kExact && resize.width == resize.height);
  if (!square || CropSide(reader, spare_crop > 0 ? spare_crop : side) != side) {
    return reader.FailAt("size", "tiles are as large as size and crop_size, all the same here");
  }
  resize.size = 0;
  resize.width = resize.height = side;
  resize.kind = ResizeKind::kExact;
  ReadPinpoints(reader, "image_grid_pinpoints", tiles.sizes, resize.sizes);
  reader.Ignore({"do_pad"});
  for (const TileSize& size : resize.sizes) {
    if (size.width % side == 0 && size.height % side == 0) continue;
    return reader.FailAt("image_grid_pinpoints",
                         fmt::format("{}x{} is not made of tiles of {}: only those that are",
                                     size.height, size.width, side));
  }
}

// A tile of 980 that a size fills by a half or a quarter is padded, or enlarged.
void ReadAria(ObjectReader& reader, const HfTiles& tiles, ResizePlan& resize) {
  int side = 980, least = 336;
  reader.Int("max_image_size", side, 1, kLargestTile);
  reader.Int("min_image_size", least, 1, kLargestTile);
  if (side != 490 && side != 980) {
    return reader.FailAt("max_image_size", "AriaImageProcessor takes 490 or 980");
  }
  if (least > side) return reader.FailAt("min_image_size", "is above max_image_size");
  ReadPinpoints(reader, "split_resolutions", tiles.sizes, resize.sizes);
  resize.size = 0;
  resize.width = resize.height = side;
  resize.kind = ResizeKind::kExact;
  for (const TileSize& size : resize.sizes) {
    if (size.width % side == 0 && size.height % side == 0) continue;
    return reader.FailAt(
        "split_image",
        fmt::format("{}x{} of split_resolutions is not made of tiles of {}, and what becomes of "
                    "the rest is not known here: only those that are, or max_image_size 490",
                    size.height, size.width, side));
  }
}

void ReadPhi4(ObjectReader& reader, HfTiles& tiles, Plan& plan) {
  reader.Int("dynamic_hd", tiles.most, 1, kMostTiles);
  std::fill_n(plan.geometry.fill, 3, uint8_t{255});
}

// Mllama's and Llama 4's canvases.
void ReadCanvas(ObjectReader& reader, HfTiles& tiles, Plan& plan) {
  const bool mllama = tiles.rule == TileRule::kCanvas;
  reader.Int(mllama ? "max_image_tiles" : "max_patches", tiles.most, 1, kMostTiles);
  reader.Ignore({"do_pad"});
  if (mllama) return;
  bool largest = false;
  reader.Bool("resize_to_max_canvas", largest);
  if (largest) {
    tiles.rule = TileRule::kLargestCanvas;
    tiles.fit = TileFit::kCornerWhole;
  }
  for (const char* step : {"do_rescale", "do_normalize"}) {
    bool on = true;
    reader.Bool(step, on);
    if (!on) return reader.FailAt(step, "Llama 4's bfloat16 is known with it only");
  }
  plan.values.arithmetic = Arithmetic::kBfloat16;
  plan.values.dtype = ElementType::kBF16;
}

}  // namespace

void ReadHfBands(ObjectReader& reader, Plan& plan) {
  bool on = false;
  reader.Bool("do_pan_and_scan", on);
  BandPlan bands;
  reader.Int("pan_and_scan_max_num_crops", bands.most, 1, kMostTiles);
  reader.Int("pan_and_scan_min_crop_size", bands.least_side, 1, kLargestGrid);
  reader.Number("pan_and_scan_min_ratio_to_activate", bands.least_ratio);
  if (!on) return;
  const ResizePlan& resize = plan.geometry.resize;
  if (bands.most == 0 || bands.least_side == 0 || !(bands.least_ratio > 0.0)) {
    return reader.FailAt("do_pan_and_scan",
                         "needs pan_and_scan_max_num_crops, pan_and_scan_min_crop_size and "
                         "pan_and_scan_min_ratio_to_activate");
  }
  if (resize.kind != ResizeKind::kExact || resize.width != resize.height ||
      resize.width > kLargestTile) {
    return reader.FailAt("size", "crops of a picture are squares here: the same height and width");
  }
  plan.patches = {
      .size = resize.width, .flat = false, .bands = bands, .numbers = PatchNumbers::kCrops};
}

void ReadHfTiles(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  HfTiles tiles = processor.tiles;
  ResizePlan& resize = plan.geometry.resize;
  if (!tiles.step.empty()) reader.Bool(std::string(tiles.step), tiles.on);
  if (tiles.rule == TileRule::kOwn) ReadOwnGrid(reader, tiles.on, tiles, plan);
  if (!tiles.on || !reader.ok()) return;
  int side = resize.width;
  switch (tiles.rule) {
    case TileRule::kContaining:
      ReadPerception(reader, side, tiles);
      resize.width = resize.height = side;
      break;
    case TileRule::kOwn:
      break;
    case TileRule::kSizes:
      if (processor.rule == HfSizeRule::kAria) {
        ReadAria(reader, tiles, resize);
      } else {
        ReadAnyres(reader, tiles, processor.spare_crop, resize);
      }
      side = resize.width;
      break;
    case TileRule::kFewest:
      ReadPhi4(reader, tiles, plan);
      break;
    case TileRule::kCanvas:
    case TileRule::kCanvas32:
    case TileRule::kLargestCanvas:
      ReadCanvas(reader, tiles, plan);
      break;
    default:
      ReadNumbers(reader, tiles);
  }
  if (!reader.ok()) return;
  if (resize.kind != ResizeKind::kExact || resize.width != resize.height || side > kLargestTile) {
    return reader.FailAt(
        "size",
        fmt::format("tiles are squares here: the same height and width, at most {}", kLargestTile));
  }
  resize.kind = ResizeKind::kTileGrid;
  resize.tiles = tiles.rule;
  resize.min_tiles = tiles.least;
  resize.max_tiles = tiles.most;
  resize.max_side_tiles = tiles.most_a_side;
  resize.fit = tiles.fit;
  plan.patches = {.size = side,
                  .flat = false,
                  .overview = tiles.overview,
                  .overview_of_resized = tiles.rule == TileRule::kOwn,
                  .most = tiles.rule == TileRule::kCanvas ? tiles.most : 0,
                  .numbers = tiles.numbers};
  if (tiles.rule != TileRule::kFewest) return;
  plan.patches.overview_of_values = true;
  plan.patches.mask_patch = 14;
  reader.Int("patch_size", plan.patches.mask_patch, 1, side);
}

void SetPhi4Filter(ObjectReader& reader, Plan& plan) {
  Filter& filter = plan.geometry.resize.filter;
  if (filter != Filter::kBicubic) {
    return reader.FailAt("resample", "of Phi-4's small picture only 3, bicubic, is known");
  }
  filter = Filter::kBilinear;
}

}  // namespace imnorm
