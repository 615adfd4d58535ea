// Counts the patches of a picture.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/patches.h"

namespace imnorm {

Result<PatchGrid> GridOf(const PatchPlan& plan, int width, int height) {
  const int block = plan.size * plan.merge;
  if (width % block != 0 || height % block != 0) {
    return Blame("patches", fmt::format("{}x{} is not made of blocks of {}x{}: patches need a "
                                        "resize to their multiple",
                                        width, height, block, block));
  }
  PatchGrid grid = {height / plan.size, width / plan.size, plan.merge};
  grid.overview =
      plan.overview == Overview::kFirst || (plan.overview != Overview::kNone && grid.count() > 1);
  grid.padded = plan.most > 0;
  if (grid.padded && grid.count() > plan.most) {
    return Blame("patches", fmt::format("{}x{} makes {} patches, more than {}", width, height,
                                        grid.count(), plan.most));
  }
  return grid;
}

ResizePlan SplitResize(const PatchPlan& plan, const ResizePlan& whole, int width, int height) {
  ResizePlan resize;
  if (plan.split.side == 0) return resize;
  const auto rounded = [&](int side) {
    const int64_t multiple = std::llrint(double(side) / whole.multiple) * whole.multiple;
    return double(std::max<int64_t>(multiple, plan.size));
  };
  if (rounded(width) * rounded(height) <= plan.split.above) return resize;
  resize = whole;
  resize.kind = ResizeKind::kTileGrid;
  resize.tiles = TileRule::kRatio;
  resize.width = resize.height = plan.split.side;
  resize.min_tiles = plan.split.least;
  resize.max_tiles = plan.split.most;
  resize.multiple = 1;
  return resize;
}

std::vector<Rect> BandsOf(const BandPlan& plan, int width, int height) {
  const int longer = std::max(width, height), shorter = std::min(width, height);
  const double ratio = double(longer) / shorter;
  if (ratio < plan.least_ratio) return {};
  int count = std::min(longer / plan.least_side, int(std::floor(ratio + 0.5)));
  count = std::min(std::max(count, 2), plan.most);
  const int step = (longer + count - 1) / count;
  if (std::min(step, shorter) < plan.least_side) return {};
  std::vector<Rect> bands;
  for (int at = 0; int(bands.size()) < count && at < longer; at += step) {
    const int length = std::min(step, longer - at);
    bands.push_back(width >= height ? Rect{at, 0, length, height} : Rect{0, at, width, length});
  }
  return bands;
}

std::vector<int64_t> PatchRowShape(const PatchPlan& plan, int channels) {
  const int64_t planes = int64_t(channels) * plan.frames;
  std::vector<int64_t> shape = {planes, plan.size, plan.size};
  if (plan.flat) shape = {planes * plan.size * plan.size};
  if (plan.most > 0) shape.insert(shape.begin(), plan.most);
  return shape;
}

}  // namespace imnorm
