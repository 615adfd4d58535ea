// The grid that contains a picture, or has nearly its ratio.
#include "geometry/containing_grid.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace imnorm {
namespace {

// Grids of one ratio, those of more tiles first.
struct Alike {
  double ratio = 1.0;
  std::vector<TileGrid> grids;
};

// Ratios go in the order in which they are first met, from the most tiles down.
std::vector<Alike> GridsByRatio(int most) {
  std::vector<Alike> all;
  for (int tiles = most; tiles >= 1; --tiles) {
    for (int columns = 1; columns <= tiles; ++columns) {
      if (tiles % columns != 0) continue;
      const double ratio = double(columns) / double(tiles / columns);
      auto found = std::ranges::find(all, ratio, &Alike::ratio);
      if (found == all.end()) found = all.insert(all.end(), {ratio, {}});
      found->grids.push_back({columns, tiles / columns});
    }
  }
  return all;
}

// The side by which fitted pictures are compared: of an upright one its width, else its height.
double FittedSide(double grid_width, double grid_height, double width, double height) {
  const double ratio = width / height;
  const double scale = std::min(grid_width / width, grid_height / height);
  if (ratio > 1.0) return std::floor(scale * width / ratio);
  return ratio < 1.0 ? std::floor(scale * height * ratio) : scale * height;
}

TileGrid NearestRatio(const std::vector<Alike>& all, double ratio) {
  const Alike* best = nullptr;
  for (const Alike& alike : all) {
    if (ratio >= 1.0 ? alike.ratio > ratio : alike.ratio <= ratio) continue;
    const auto distance = [&](const Alike& of) {
      return ratio >= 1.0 ? std::abs(of.ratio - ratio) : std::abs(1.0 / of.ratio - 1.0 / ratio);
    };
    if (best == nullptr || distance(alike) < distance(*best)) best = &alike;
  }
  return best->grids.front();
}

}  // namespace

TileGrid ContainingGrid(const ResizePlan& plan, double width, double height) {
  const std::vector<Alike> all = GridsByRatio(plan.max_tiles);
  TileGrid best;
  double largest = -1.0;
  for (const Alike& alike : all) {
    for (const TileGrid& grid : alike.grids) {
      const double across = double(int64_t(grid.columns) * plan.width);
      const double down = double(int64_t(grid.rows) * plan.height);
      if (across < width || down < height) continue;
      const double side = FittedSide(across, down, width, height);
      if (side < largest) continue;
      best = grid;
      largest = side;
    }
  }
  return largest >= 0.0 ? best : NearestRatio(all, width / height);
}

}  // namespace imnorm
