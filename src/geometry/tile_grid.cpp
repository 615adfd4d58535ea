// Chooses grids of tiles by a picture's ratio or size.
#include "geometry/tile_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "geometry/canvas_grid.h"
#include "geometry/containing_grid.h"

namespace imnorm {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<TileGrid> Arrangements(int least, int most) {
  std::vector<TileGrid> grids;
  for (int tiles = least; tiles <= most; ++tiles) {
    for (int columns = 1; columns <= tiles; ++columns) {
      if (tiles % columns == 0) grids.push_back({columns, tiles / columns});
    }
  }
  return grids;
}

TileGrid ByRatio(const ResizePlan& plan, double width, double height) {
  TileGrid best;
  double least = kInfinity;
  const double tile = double(plan.width) * plan.height;
  for (const TileGrid& grid : Arrangements(plan.min_tiles, plan.max_tiles)) {
    const int longer = std::max(grid.columns, grid.rows);
    if (plan.max_side_tiles > 0 && longer > plan.max_side_tiles) continue;
    const double difference = std::abs(width / height - double(grid.columns) / double(grid.rows));
    const bool fills = width * height > 0.5 * tile * grid.columns * grid.rows;
    if (difference < least || (difference == least && fills)) {
      best = grid;
      least = difference;
    }
  }
  return best;
}

TileGrid ByFewest(const ResizePlan& plan, int64_t width, int64_t height) {
  const int64_t columns = (width + plan.width - 1) / plan.width;
  const int64_t rows = (height + plan.height - 1) / plan.height;
  if (columns * rows > plan.max_tiles) return ByRatio(plan, double(width), double(height));
  return {int(columns), int(rows)};
}

TileGrid ByScale(const ResizePlan& plan, double width, double height) {
  TileGrid best, largest;
  double least = kInfinity, most = 0.0;
  for (const TileGrid& grid : Arrangements(1, plan.max_tiles)) {
    const double scale = std::min(double(int64_t(grid.columns) * plan.width) / width,
                                  double(int64_t(grid.rows) * plan.height) / height);
    if (scale >= 1.0 && scale < least) {
      best = grid;
      least = scale;
    }
    if (scale > most) {
      largest = grid;
      most = scale;
    }
  }
  return least < kInfinity ? best : largest;
}

// The pixels of the cells of a grid once none is longer than the tile.
double Kept(const TileGrid& grid, int64_t side, int64_t width, int64_t height) {
  const int64_t across = width / grid.columns, down = height / grid.rows;
  double total = 0.0;
  for (int row = 0; row < grid.rows; ++row) {
    for (int column = 0; column < grid.columns; ++column) {
      const int64_t w = column + 1 == grid.columns ? width - column * across : across;
      const int64_t h = row + 1 == grid.rows ? height - row * down : down;
      const int64_t longer = std::max(w, h), shorter = std::min(w, h);
      total += longer > side ? double(side) * (double(shorter) / double(longer) * double(side))
                             : double(longer * shorter);
    }
  }
  return total / double(height * width);
}

TileGrid ByCovering(const ResizePlan& plan, int64_t width, int64_t height) {
  constexpr double kEnough = 0.9;
  TileGrid best;
  double kept = -1.0;
  for (const TileGrid& swapped : Arrangements(1, plan.max_tiles)) {
    const TileGrid grid = {swapped.rows, swapped.columns};
    const double share = Kept(grid, plan.height, width, height);
    // They come by their number of tiles: of those that keep enough, only one of as many can be
    // better than the first.
    const bool as_many = swapped.rows * swapped.columns == best.rows * best.columns;
    const bool better = share > kept && (kept <= kEnough || as_many);
    if (!better) continue;
    best = swapped;
    kept = share;
  }
  return best;
}

}  // namespace

TileGrid FindTileGrid(const ResizePlan& plan, int64_t width, int64_t height) {
  switch (plan.tiles) {
    case TileRule::kRatio:
      return ByRatio(plan, double(width), double(height));
    case TileRule::kScale:
      return ByScale(plan, double(width), double(height));
    case TileRule::kCovering:
      return ByCovering(plan, width, height);
    case TileRule::kContaining:
      break;
    case TileRule::kFewest:
      return ByFewest(plan, width, height);
    case TileRule::kOwn:
      return OwnGrid(plan, width, height);
    case TileRule::kSizes:
      return GridOfSizes(plan, width, height);
    case TileRule::kCanvas:
    case TileRule::kCanvas32:
    case TileRule::kLargestCanvas:
      return CanvasGrid(plan, width, height);
  }
  return ContainingGrid(plan, double(width), double(height));
}

}  // namespace imnorm
