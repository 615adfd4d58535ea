// Says what is contradictory in a plan's patches.
#include "plan/validate_patches.h"

#include <fmt/format.h>

#include "imnorm/words.h"

namespace imnorm {
namespace {

constexpr int kLargestPatch = 4096;
constexpr int kMostTiles = 1024;
// Beyond a gigapixel an output is a slip of the keyboard, not a tensor.
constexpr int64_t kLargestArea = int64_t(1) << 30;

// Whether sides of the result are width and height, or that many times these.
bool IsFixed(ResizeKind kind) {
  return kind == ResizeKind::kExact || kind == ResizeKind::kTileGrid;
}

// An overview is made of the whole picture, beside patches that are planes.
Result<void> CheckOverview(const Plan& plan) {
  const PatchPlan& patches = plan.patches;
  if (patches.overview == Overview::kNone) return {};
  if (plan.geometry.crop.width > 0) {
    return Blame("crop", "tiles with an overview are of the whole picture: give `crop` none");
  }
  if (plan.geometry.cut_margin || plan.geometry.turn_to_fit ||
      plan.geometry.border.kind != BorderKind::kNone ||
      (plan.geometry.first.kind != ResizeKind::kNone && !patches.overview_of_resized)) {
    return Blame("patches", "an overview is of the source, or of what patches are cut from");
  }
  if (patches.overview_of_values &&
      (patches.overview != Overview::kFirst || plan.values.dtype != ElementType::kF32)) {
    return Blame("values.dtype", "an overview of values stands first, and is made of float32");
  }
  if (patches.frames == 1 && patches.merge == 1 &&
      patches.elements == PatchElements::kChannelsFirst) {
    return {};
  }
  return Blame("patches", "an overview goes with frames 1, merge 1 and elements channels_first");
}

// Bands are resized as the whole picture is, to one patch.
Result<void> CheckBands(const Plan& plan) {
  const PatchPlan& patches = plan.patches;
  const BandPlan& bands = patches.bands;
  if (bands.most == 0) return {};
  const ResizePlan& resize = plan.geometry.resize;
  if (patches.overview != Overview::kNone || patches.most > 0 || plan.geometry.crop.width > 0 ||
      plan.geometry.first.kind != ResizeKind::kNone || resize.kind != ResizeKind::kExact ||
      resize.width != patches.size || resize.height != patches.size) {
    return Blame("patches", "bands stand behind one patch, the whole picture resized to it");
  }
  if (bands.most >= 1 && bands.most <= kMostTiles && bands.least_side >= 1 &&
      bands.least_ratio >= 0.0) {
    return {};
  }
  return Blame("patches", fmt::format("bands of {} pixels, {} at most, from a ratio of {} on",
                                      bands.least_side, bands.most, bands.least_ratio));
}

// Tiles are rows of patches as the picture itself is.
Result<void> CheckSplit(const Plan& plan) {
  const PatchPlan& patches = plan.patches;
  const SplitPlan& split = patches.split;
  if (split.side == 0) return {};
  if (patches.numbers != PatchNumbers::kTileShapes || plan.geometry.crop.width > 0 ||
      plan.geometry.first.kind != ResizeKind::kNone || plan.geometry.cut_margin ||
      plan.geometry.turn_to_fit || plan.geometry.border.kind != BorderKind::kNone ||
      plan.geometry.resize.kind != ResizeKind::kSmart) {
    return Blame("patches", "tiles are split off a picture that one smart resize makes");
  }
  const int64_t across = split.side / patches.size;
  if (split.side >= 1 && split.side <= kLargestPatch && split.side % patches.size == 0 &&
      across * across <= patches.most && split.least >= 2 && split.least <= split.most &&
      split.most <= kMostTiles && split.above >= 0.0) {
    return {};
  }
  return Blame("patches",
               fmt::format("{} to {} tiles of {} in rows of {} patches of {}", split.least,
                           split.most, split.side, patches.most, patches.size));
}

// What is told of a picture beside its rows must be known of it.
Result<void> CheckNumbers(const Plan& plan) {
  const PatchNumbers numbers = plan.patches.numbers;
  const bool of_whole = numbers >= PatchNumbers::kPixelMask;
  const bool of_any = numbers == PatchNumbers::kSourceSizes;
  if (plan.patches.size == 0 && numbers != PatchNumbers::kGrid && !of_whole && !of_any) {
    return Blame("patches", fmt::format("{} are told of patches", WordOf(numbers)));
  }
  if (plan.patches.size > 0 && of_whole) {
    return Blame("patches", fmt::format("{} is told of whole pictures", WordOf(numbers)));
  }
  const bool in_rows = numbers == PatchNumbers::kShapesMask ||
                       numbers == PatchNumbers::kTileShapes ||
                       numbers == PatchNumbers::kPositions || numbers == PatchNumbers::kAspectIds;
  const int mask = plan.patches.mask_patch;
  if (numbers == PatchNumbers::kHdMask && (mask < 1 || plan.patches.size % mask != 0)) {
    return Blame("patches",
                 fmt::format("tiles of {} are not made of patches of {}", plan.patches.size, mask));
  }
  if (in_rows && plan.patches.most == 0) {
    return Blame("patches", fmt::format("{} go with `most` patches", WordOf(numbers)));
  }
  return {};
}

}  // namespace

Result<void> CheckPatches(const Plan& plan) {
  const PatchPlan& patches = plan.patches;
  if (auto numbers = CheckNumbers(plan); !numbers) return numbers;
  if (patches.size == 0) return {};
  if (plan.values.before_resize) {
    return Blame("patches", "values that are resized are of whole pictures");
  }
  for (const int count : {patches.size, patches.merge, patches.frames}) {
    if (count >= 1 && count <= kLargestPatch) continue;
    return Blame("patches",
                 fmt::format("patches of size {}, merge {}, frames {}: from 1 to {}", patches.size,
                             patches.merge, patches.frames, kLargestPatch));
  }
  if (patches.most < 0 || int64_t(patches.most) * patches.size * patches.size > kLargestArea) {
    return Blame("patches", fmt::format("{} patches of {}x{}: more than {} pixels", patches.most,
                                        patches.size, patches.size, kLargestArea));
  }
  if (plan.method != Method::kGiven && plan.method != Method::kNone) {
    return Blame("method", "patches go with `method` given and none only");
  }
  if (plan.layout != Layout::kNchw) {
    return Blame("layout", "patches have an order of elements of their own: leave out `layout`");
  }
  if (auto overview = CheckOverview(plan); !overview) return overview;
  if (auto bands = CheckBands(plan); !bands) return bands;
  if (auto split = CheckSplit(plan); !split) return split;
  const ResizePlan& resize = plan.geometry.resize;
  const int block = patches.size * patches.merge;
  // Without a resize it depends on each picture.
  const bool open = resize.kind == ResizeKind::kNone || resize.multiple % block == 0 ||
                    resize.padded_multiple % block == 0;
  if (plan.geometry.crop.width == 0 && open) return {};
  const auto fits = [&](int width, int height) {
    return width > 0 && width % block == 0 && height % block == 0;
  };
  if (plan.geometry.crop.width > 0 ? fits(plan.geometry.crop.width, plan.geometry.crop.height)
                                   : IsFixed(resize.kind) && fits(resize.width, resize.height)) {
    return {};
  }
  return Blame("patches", fmt::format("patches need sides that are multiples of {}: a `resize` "
                                      "WxH or `crop` that is, or leave the plan's own",
                                      block));
}

}  // namespace imnorm
