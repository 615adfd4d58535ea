// Qwen's processors and their like: a range of pixels, and patches.
#include "plan/foreign/hf_patches.h"

#include <algorithm>

namespace imnorm {
namespace {

constexpr int64_t kMostPixels = int64_t(1) << 30;
constexpr int64_t kLargestPatch = 4096;
constexpr int64_t kLargestPool = 64;
constexpr int64_t kMostRows = 65536;
constexpr int64_t kMostTiles = 1024;

void ReadPixels(ObjectReader& reader, const HfPatches& patches, ResizePlan& resize) {
  int64_t least = patches.min_pixels;
  int64_t most = patches.max_pixels;
  if (reader.Has("size")) {
    least = most = 0;
    reader.Object("size", [&](ObjectReader& inner) {
      inner.Int64("shortest_edge", least, 1, kMostPixels);
      inner.Int64("longest_edge", most, 1, kMostPixels);
      inner.Ignore({"min_pixels", "max_pixels"});  // transformers drops them, or misses the others
    });
  }
  if (patches.top_limits) {  // they go before size
    reader.Int64("min_pixels", least, 1, kMostPixels);
    reader.Int64("max_pixels", most, 1, kMostPixels);
  }
  if (reader.ok() && (least == 0 || most == 0)) {
    reader.FailAt("size", "needs shortest_edge and longest_edge, which are numbers of pixels here");
  }
  resize.min_pixels = least;
  resize.max_pixels = most;
}

// SigLIP 2's and Gemma 4's: a number of patches is filled as far as may be, and the rest is zeros.
void ReadPaddedPatches(ObjectReader& reader, const HfPatches& patches, Plan& plan) {
  const bool pooled = patches.rule == SmartRule::kPooled;
  int size = patches.size, most = patches.most, pool = patches.pooled;
  reader.Int("patch_size", size, 1, kLargestPatch);
  reader.Int(pooled ? "max_soft_tokens" : "max_num_patches", most, 1, kMostRows);
  if (pooled) reader.Int("pooling_kernel_size", pool, 1, kLargestPool);
  reader.Ignore({"size", "default_to_square"});
  ResizePlan& resize = plan.geometry.resize;
  resize.kind = ResizeKind::kSmart;
  resize.smart = patches.rule;
  resize.multiple = size * pool;
  resize.max_pixels = int64_t(most) * resize.multiple * resize.multiple;
  if (resize.multiple > kLargestPatch || resize.max_pixels > kMostPixels) {
    return reader.FailAt("patch_size", "makes more pixels than any picture has");
  }
  plan.patches = {.size = size,
                  .elements = patches.elements,
                  .most = most * pool * pool,
                  .pooled = pool * pool,
                  .numbers = pooled ? PatchNumbers::kPositions : PatchNumbers::kShapesMask};
}

// LFM2-VL's: patches are of a picture, and of tiles of it where it is large.
void ReadLfm2Patches(ObjectReader& reader, const HfPatches& patches, Plan& plan) {
  int size = patches.size, down = 2, least = 64, most = 256, tile = 512;
  SplitPlan split;
  bool splits = true, pads = true, overview = true;
  double tolerance = 2.0;
  int min_tiles = split.least, max_tiles = split.most;
  reader.Int("encoder_patch_size", size, 1, kLargestPatch);
  reader.Int("downsample_factor", down, 1, kLargestPatch);
  reader.Int("min_image_tokens", least, 1, kMostRows);
  reader.Int("max_image_tokens", most, 1, kMostRows);
  reader.Int("tile_size", tile, 1, kLargestPatch);
  reader.Int("min_tiles", min_tiles, 1, kMostTiles);
  reader.Int("max_tiles", max_tiles, 1, kMostTiles);
  reader.Bool("do_image_splitting", splits);
  reader.Bool("use_thumbnail", overview);
  reader.Bool("do_pad", pads);
  reader.Number("max_pixels_tolerance", tolerance);
  reader.Ignore({"size", "default_to_square", "do_resize", "return_row_col_info"});
  if (!pads) return reader.FailAt("do_pad", "rows of patches are padded here: only true");
  ResizePlan& resize = plan.geometry.resize;
  resize.kind = ResizeKind::kSmart;
  resize.smart = patches.rule;
  const int64_t step = int64_t(size) * down;
  resize.min_pixels = least * step * step;
  resize.max_pixels = most * step * step;
  int64_t rows = int64_t(most) * down * down;
  if (splits) rows = std::max<int64_t>(rows, int64_t(tile / size) * (tile / size));
  if (step > kLargestPatch || resize.max_pixels > kMostPixels || rows > kMostRows) {
    return reader.FailAt("max_image_tokens", "makes more pixels than any picture has");
  }
  resize.multiple = int(step);
  plan.patches = {.size = size,
                  .elements = patches.elements,
                  .most = int(rows),
                  .numbers = PatchNumbers::kTileShapes};
  if (!splits || (min_tiles == 1 && max_tiles == 1)) return;
  if (min_tiles < 2 || min_tiles > max_tiles) {
    return reader.FailAt("min_tiles", "is known from 2 on, up to max_tiles");
  }
  if (!overview) {
    return reader.FailAt("use_thumbnail", "tiles stand beside the whole picture here: only true");
  }
  plan.patches.split = {tile, min_tiles, max_tiles, double(resize.max_pixels) * tolerance};
}

// Kimi's: only ever smaller, and padded to multiples.
void ReadShrunkPatches(ObjectReader& reader, const HfPatches& patches, Plan& plan) {
  int size = patches.size, merge = patches.merge, side = 512, count = 16384;
  reader.Int("patch_size", size, 1, kLargestPatch);
  reader.Int("merge_size", merge, 1, kLargestPatch);
  reader.Int("max_patches", count, 1, kMostRows);
  reader.Object("size", [&](ObjectReader& inner) {
    inner.Int("max_height", side, 1, kLargestPatch);
    inner.Ignore({"max_width"});
  });
  ResizePlan& resize = plan.geometry.resize;
  resize.kind = ResizeKind::kSmart;
  resize.smart = patches.rule;
  resize.patch = size;
  resize.max_size = int(std::min<int64_t>(int64_t(side) * size, kMostPixels));
  resize.max_pixels = int64_t(count) * size * size;
  if (int64_t(size) * merge > kLargestPatch || resize.max_pixels > kMostPixels) {
    return reader.FailAt("patch_size", "makes more pixels than any picture has");
  }
  resize.padded_multiple = size * merge;
  plan.patches = {.size = size, .flat = false};
}

}  // namespace

void ReadHfPatches(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  const HfPatches& patches = processor.patches;
  if (patches.rule == SmartRule::kLeast) return ReadLfm2Patches(reader, patches, plan);
  if (patches.most > 0) return ReadPaddedPatches(reader, patches, plan);
  if (patches.rule == SmartRule::kShrunk) return ReadShrunkPatches(reader, patches, plan);
  ResizePlan& resize = plan.geometry.resize;
  resize.kind = ResizeKind::kSmart;
  resize.smart = patches.rule;
  ReadPixels(reader, patches, resize);
  int size = patches.size, merge = patches.merge, frames = patches.frames, expand = 1;
  reader.Int("patch_size", size, 1, kLargestPatch);
  reader.Int("merge_size", merge, 1, kLargestPatch);
  reader.Int("temporal_patch_size", frames, 1, kLargestPatch);
  if (processor.name == "Glmga") reader.Int("patch_expand_factor", expand, 1, kLargestPatch);
  if (int64_t(size) * merge * expand > kLargestPatch) {
    return reader.FailAt("patch_size", "makes blocks larger than any picture");
  }
  resize.multiple = size * merge * expand;
  resize.frames = patches.rule == SmartRule::kGlm ? frames : 1;
  plan.patches = {.size = size,
                  .merge = patches.blocks ? merge : 1,
                  .frames = frames,
                  .elements = patches.elements,
                  .flat = patches.flat,
                  .tells_merge = patches.tells_merge};
}

}  // namespace imnorm
