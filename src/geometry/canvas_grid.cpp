// Chooses grids by how large a picture becomes in them, and fits it in.
#include "geometry/canvas_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace imnorm {
namespace {

// Of scales that are equal the smallest grid is taken. Two grids of as many tiles never tie: where
// they have one scale, that which has the shorter side of each has it too.
template <typename Float>
TileGrid BestCanvas(const ResizePlan& plan, int64_t width, int64_t height) {
  const bool wants_largest = plan.tiles == TileRule::kLargestCanvas;
  TileGrid best;
  Float held = 0;
  int64_t tiles = 0;
  for (int rows = 1; rows <= plan.max_tiles; ++rows) {
    for (int columns = 1; rows * columns <= plan.max_tiles; ++columns) {
      const Float scale = std::min(Float(int64_t(rows) * plan.height) / Float(height),
                                   Float(int64_t(columns) * plan.width) / Float(width));
      bool better = scale > held;
      if (tiles > 0 && scale == held) {
        better = int64_t(rows) * columns < tiles;
      } else if (tiles > 0 && held >= 1 && !wants_largest) {
        better = scale >= 1 && scale < held;
      }
      if (!better) continue;
      best = {columns, rows};
      held = scale;
      tiles = int64_t(rows) * columns;
    }
  }
  return best;
}

int64_t ToTiles(int64_t side, int tile) {
  return int64_t(std::ceil(double(side) / double(tile))) * tile;
}

// How often a side goes into another. Llama 4's is of float32 where that is the grid's, which it
// keeps as a tensor, and of double where it is the picture's or a tile's.
struct Scale {
  Scale(int64_t to, int64_t from, bool is_single)
      : single(is_single),
        value(is_single ? double(float(to) / float(from)) : double(to) / double(from)) {}
  double Times(int64_t side) const {
    return single ? double(float(side) * float(value)) : double(side) * value;
  }
  bool single;
  double value;
};

bool IsGridSide(const ResizePlan& plan, int64_t box, int64_t side) {
  return plan.fit == TileFit::kCornerWhole || box < std::max<int64_t>(side, plan.width);
}

}  // namespace

TileGrid CanvasGrid(const ResizePlan& plan, int64_t width, int64_t height) {
  if (plan.tiles == TileRule::kCanvas) return BestCanvas<double>(plan, width, height);
  return BestCanvas<float>(plan, width, height);
}

TileGrid GridOfSizes(const ResizePlan& plan, int64_t width, int64_t height) {
  TileGrid best;
  int64_t used = 0;
  int64_t waste = std::numeric_limits<int64_t>::max();
  for (const TileSize& size : plan.sizes) {
    const double k =
        std::min(double(size.width) / double(width), double(size.height) / double(height));
    const int64_t kept =
        std::min(int64_t(double(width) * k) * int64_t(double(height) * k), int64_t(width) * height);
    const int64_t wasted = int64_t(size.width) * size.height - kept;
    if (kept < used || (kept == used && wasted >= waste)) continue;
    best = {size.width / plan.width, size.height / plan.height};
    used = kept;
    waste = wasted;
  }
  return best;
}

TileGrid OwnGrid(const ResizePlan& plan, int64_t width, int64_t height) {
  const double ratio = double(width) / double(height);
  if (width >= height) {
    width = ToTiles(width, plan.width);
    height = ToTiles(int64_t(double(width) / ratio), plan.height);
  } else {
    height = ToTiles(height, plan.height);
    width = ToTiles(int64_t(double(height) * ratio), plan.width);
  }
  return {int(std::max<int64_t>(width / plan.width, 1)),
          int(std::max<int64_t>(height / plan.height, 1))};
}

Size FittedSize(const ResizePlan& plan, const TileGrid& grid, int64_t width, int64_t height) {
  Size box = {int64_t(grid.columns) * plan.width, int64_t(grid.rows) * plan.height};
  if (plan.fit == TileFit::kWarp) return box;
  if (plan.fit == TileFit::kCorner) {
    box.width = std::min(std::max<int64_t>(width, plan.width), box.width);
    box.height = std::min(std::max<int64_t>(height, plan.height), box.height);
  }
  const bool in_float32 =
      plan.tiles == TileRule::kCanvas32 || plan.tiles == TileRule::kLargestCanvas;
  const Scale across(box.width, width, in_float32 && IsGridSide(plan, box.width, width));
  const Scale down(box.height, height, in_float32 && IsGridSide(plan, box.height, height));
  const auto rounded = [&](double side, int64_t most) {
    side = plan.fit == TileFit::kMiddle ? std::ceil(side) : std::floor(side);
    return std::min(std::max<int64_t>(int64_t(side), 1), most);
  };
  if (across.value < down.value) return {box.width, rounded(across.Times(height), box.height)};
  return {rounded(down.Times(width), box.width), box.height};
}

}  // namespace imnorm
