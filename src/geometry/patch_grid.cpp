// Counts the patches of a picture.
#include <fmt/format.h>

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
  return grid;
}

std::vector<int64_t> PatchRowShape(const PatchPlan& plan, int channels) {
  const int64_t planes = int64_t(channels) * plan.frames;
  if (plan.flat) return {planes * plan.size * plan.size};
  return {planes, plan.size, plan.size};
}

}  // namespace imnorm
