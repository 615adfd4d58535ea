// Grids into which a picture is laid with its ratio kept, and how it lies in them.
#pragma once

#include <cstdint>

#include "geometry/resized_size.h"
#include "geometry/tile_grid.h"

namespace imnorm {

// Those of kCanvas, kCanvas32 and kLargestCanvas: see FindTileGrid.
TileGrid CanvasGrid(const ResizePlan& plan, int64_t width, int64_t height);

// That of kSizes.
TileGrid GridOfSizes(const ResizePlan& plan, int64_t width, int64_t height);

// That of kOwn.
TileGrid OwnGrid(const ResizePlan& plan, int64_t width, int64_t height);

// What a picture is resized to within its grid, by plan.fit.
//
// Rules:    in double: kMiddle: with k the lesser of grid / side, one side is the grid's and the
//           other ceil(side * k). kCorner: the same in a box whose sides are the picture's, at
//           least a tile and at most the grid; floor, at least 1. kCornerWhole: in the whole grid.
//           By kCanvas32 and kLargestCanvas a scale to a side of the grid is of float32
// Source:   measured on transformers 5.24: LlavaNext, Mllama, Llama4
Size FittedSize(const ResizePlan& plan, const TileGrid& grid, int64_t width, int64_t height);

}  // namespace imnorm
