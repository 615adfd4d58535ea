// The arrays that transformers' processors give beside a picture's pixels.
#include "pipeline/patch_numbers.h"

namespace imnorm {
namespace {

using Numbers = std::vector<PackedFacts::Numbers>;

constexpr auto kI64 = ElementType::kI64;

// The place of a grid among those of at most `most` tiles, by rows, then by columns, from 1 on.
int64_t AspectId(const PatchGrid& grid, int most) {
  int64_t id = grid.columns;
  for (int rows = 1; rows < grid.rows; ++rows) id += most / rows;
  return id;
}

Numbers NumbersOf(const PatchPlan& plan) {
  switch (plan.numbers) {
    case PatchNumbers::kGrid:
      break;
    case PatchNumbers::kCount:
      return {{"num_patches", 1}};
    case PatchNumbers::kGridSides:
      return {{"grids", 2}};
    case PatchNumbers::kRowsCols:
    case PatchNumbers::kRowsColsOf:
      return {{"rows", 1}, {"cols", 1}};
    case PatchNumbers::kCrops:
      return {{"num_crops", 1}};
    case PatchNumbers::kSourceSizes:
    case PatchNumbers::kImageSizes:
      return {{"image_sizes", 2}};
    case PatchNumbers::kSourceBatch:
      return {{"image_sizes", 2}, {"batch_num_images", 1}};
    case PatchNumbers::kShapesMask:
      return {{"spatial_shapes", 2}};
    case PatchNumbers::kPositions:
      return {{"", 2}, {"num_soft_tokens_per_image", 1}};
    case PatchNumbers::kAspectIds:
      return {{"aspect_ratio_ids", 1}, {"num_tiles", 1}};
    case PatchNumbers::kAspectRatios:
      return {{"aspect_ratios", 2}};
    case PatchNumbers::kTileCrops:
      return {{"num_crops", 1}};
    case PatchNumbers::kHdMask:
      return {{"image_sizes", 2}, {"", 2}};
    case PatchNumbers::kTileShapes:
      return {{"", 4}};
    case PatchNumbers::kPixelMask:
    case PatchNumbers::kAttentionMask:
      return {{"", 2}};
    case PatchNumbers::kOriginalSizes:
      return {{"original_sizes", 2}};
    case PatchNumbers::kSamSizes:
      return {{"original_sizes", 2}, {"reshaped_input_sizes", 2}};
    case PatchNumbers::kMaskCrops:
      return {{"", 2}, {"num_crops", 1}};
  }
  Numbers numbers = {{"image_grid_thw", 3}};
  if (plan.tells_merge) numbers.push_back({"image_merge_sizes", 1});
  return numbers;
}

std::vector<DerivedArray> DerivedOf(const Plan& plan) {
  switch (plan.patches.numbers) {
    case PatchNumbers::kPixelMask:
      return {{"pixel_mask", kI64, DerivedKind::kBox, 0, plan.layout == Layout::kNhwc}};
    case PatchNumbers::kAttentionMask:
      return {{"pixel_attention_mask", kI64, DerivedKind::kBox, 0, plan.layout == Layout::kNhwc}};
    case PatchNumbers::kTileShapes: {
      DerivedArray mask = {"pixel_attention_mask", ElementType::kI32, DerivedKind::kRowAreas};
      mask.of_rows = true;
      DerivedArray shapes = {"spatial_shapes", kI64, DerivedKind::kRowShapes};
      shapes.of_rows = true;
      return {mask, shapes};
    }
    case PatchNumbers::kHdMask: {
      DerivedArray mask = {"image_attention_mask", ElementType::kF32, DerivedKind::kTileMask};
      mask.of_rows = true;
      mask.tile = plan.patches.size;
      mask.cell = plan.patches.mask_patch;
      DerivedArray tokens = mask;
      tokens.name = "num_img_tokens";
      tokens.type = kI64;
      tokens.kind = DerivedKind::kTokenCount;
      tokens.of_rows = false;
      return {mask, tokens};
    }
    case PatchNumbers::kMaskCrops:
      return {
          {"pixel_mask", ElementType::kBool, DerivedKind::kBox, 0, plan.layout == Layout::kNhwc}};
    case PatchNumbers::kShapesMask:
      return {{"pixel_attention_mask", ElementType::kI32, DerivedKind::kFirstArea, 0}};
    case PatchNumbers::kPositions:
      return {{"image_position_ids", kI64, DerivedKind::kPositions, 0}};
    case PatchNumbers::kAspectIds:
      return {{"aspect_ratio_mask", kI64, DerivedKind::kFirst, 1}};
    default:
      return {};
  }
}

}  // namespace

bool HasNumbers(const PatchPlan& plan) {
  return plan.size > 0 || plan.numbers != PatchNumbers::kGrid;
}

PackedFacts PackedFactsOf(const Plan& plan) {
  const bool tiles = plan.patches.numbers == PatchNumbers::kHdMask;
  return {tiles ? "image_pixel_values" : "pixel_values", NumbersOf(plan.patches), DerivedOf(plan),
          /*optional=*/plan.patches.size == 0};
}

std::array<int64_t, 4> PatchNumbersOf(const Plan& plan, const PatchGrid& grid,
                                      const Placement& place) {
  const PatchPlan& patches = plan.patches;
  switch (patches.numbers) {
    case PatchNumbers::kGrid:
      break;
    case PatchNumbers::kCount:
    case PatchNumbers::kTileCrops:
      return {grid.count()};
    case PatchNumbers::kHdMask:
      return {place.out_height, place.out_width,
              (place.out_width - place.window.width) / patches.mask_patch,
              (place.out_height - place.window.height) / patches.mask_patch};
    case PatchNumbers::kGridSides:
    case PatchNumbers::kRowsCols:
    case PatchNumbers::kShapesMask:
    case PatchNumbers::kAspectRatios:
      return {grid.rows, grid.columns};
    case PatchNumbers::kRowsColsOf:
      if (grid.rows * grid.columns == 1) return {0, 0};
      return {grid.rows, grid.columns};
    case PatchNumbers::kCrops:
      return {grid.bands};
    case PatchNumbers::kSourceSizes:
    case PatchNumbers::kSourceBatch:
    case PatchNumbers::kOriginalSizes:
      return {place.in_height, place.in_width, 1};
    case PatchNumbers::kTileShapes:
      return {grid.rows, grid.columns, grid.tiles, patches.split.side / patches.size};
    case PatchNumbers::kPositions:
      return {grid.rows, grid.columns, grid.count() / patches.pooled};
    case PatchNumbers::kAspectIds:
      return {AspectId(grid, plan.geometry.resize.max_tiles), grid.count()};
    case PatchNumbers::kAttentionMask:
    case PatchNumbers::kPixelMask:  // a crop's pads count as picture
      if (plan.geometry.pad.width == 0) return {place.out_height, place.out_width};
      return {place.window.height, place.window.width};
    case PatchNumbers::kImageSizes:
    case PatchNumbers::kMaskCrops:
      return {place.window.height, place.window.width, 1};
    case PatchNumbers::kSamSizes:
      return {place.in_height, place.in_width, place.window.height, place.window.width};
  }
  return {1, grid.rows, grid.columns, grid.merge};
}

}  // namespace imnorm
