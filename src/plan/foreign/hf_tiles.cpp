// InternVL's processor and its like: a grid of tiles and the whole picture beside them.
#include "plan/foreign/hf_tiles.h"

#include <fmt/format.h>

namespace imnorm {
namespace {

constexpr int64_t kLargestTile = 4096;
constexpr int64_t kMostTiles = 1024;

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

}  // namespace

void ReadHfTiles(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  HfTiles tiles = processor.tiles;
  ResizePlan& resize = plan.geometry.resize;
  if (!tiles.step.empty()) reader.Bool(std::string(tiles.step), tiles.on);
  if (!tiles.on) return;
  int side = resize.width;
  if (tiles.rule == TileRule::kContaining) {
    ReadPerception(reader, side, tiles);
    resize.width = resize.height = side;
  } else {
    ReadNumbers(reader, tiles);
  }
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
  plan.patches = {
      .size = side, .flat = false, .overview = tiles.overview, .numbers = tiles.numbers};
}

}  // namespace imnorm
