// PerceptionLM's choice of a grid.
#pragma once

#include "geometry/tile_grid.h"

namespace imnorm {

// See FindTileGrid.
TileGrid ContainingGrid(const ResizePlan& plan, double width, double height);

}  // namespace imnorm
