// How many tiles a picture is cut into.
#pragma once

#include <cstdint>

#include "imnorm/geometry.h"

namespace imnorm {

struct TileGrid {
  int columns = 1;
  int rows = 1;
  bool operator==(const TileGrid&) const = default;
};

// The grid of plan.tiles for a picture, of square tiles of side plan.width.
//
// Rules:    in double, each operation as Python does it. Grids of n tiles, min_tiles <= n <=
//           max_tiles, go by n, then by their columns; (1, 1) where there are none.
//           kRatio: least |w / h - columns / rows|; of equals a later one where w h is more than
//           half of its pixels. kScale: with k = min(columns * side / w, rows * side / h) the least
//           k of at least 1, else the largest; first of equals, from one tile on. kCovering: the
//           cells of rows x columns, each shrunk to the tile's side where it is longer, keep a
//           share of the picture; of those above 0.9 the fewest tiles, then the most kept, else the
//           most kept, then the fewest tiles. What was judged as (rows, columns) is then taken as
//           (columns, rows), as transformers does. kContaining: of the grids that contain the
//           picture the last in which it can be largest, else the nearest ratio and the most tiles.
//           kOwn: the long side raised to whole tiles, the other of the ratio, cut off, likewise.
//           kSizes: the most pixels used by the picture, of those the least left free; first of
//           equals. kCanvas: with k as for kScale the least of at least 1 (kLargestCanvas: the
//           largest), else the largest, and the fewest tiles. kFewest: sides over the tile's,
//           raised
// Source:   measured on transformers 5.24: equal in every picture tried
TileGrid FindTileGrid(const ResizePlan& plan, int64_t width, int64_t height);

}  // namespace imnorm
