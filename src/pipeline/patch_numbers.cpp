// The arrays that transformers' processors give beside a picture's patches.
#include "pipeline/patch_numbers.h"

namespace imnorm {

std::vector<PackedFacts::Numbers> PatchNumberNames(const PatchPlan& plan) {
  switch (plan.numbers) {
    case PatchNumbers::kGrid:
      break;
    case PatchNumbers::kCount:
      return {{"num_patches", 1}};
    case PatchNumbers::kGridSides:
      return {{"grids", 2}};
    case PatchNumbers::kRowsCols:
      return {{"rows", 1}, {"cols", 1}};
  }
  std::vector<PackedFacts::Numbers> numbers = {{"image_grid_thw", 3}};
  if (plan.tells_merge) numbers.push_back({"image_merge_sizes", 1});
  return numbers;
}

std::array<int64_t, 4> PatchNumbersOf(const PatchPlan& plan, const PatchGrid& grid) {
  switch (plan.numbers) {
    case PatchNumbers::kGrid:
      break;
    case PatchNumbers::kCount:
      return {grid.count()};
    case PatchNumbers::kGridSides:
    case PatchNumbers::kRowsCols:
      return {grid.rows, grid.columns};
  }
  return {1, grid.rows, grid.columns, grid.merge};
}

}  // namespace imnorm
