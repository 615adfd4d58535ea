// Short spellings of what the tables of processors hold.
#pragma once

#include "plan/foreign/hf_processors.h"

namespace imnorm::hf_rows {

constexpr HfSize Sides(int height, int width) { return {ResizeKind::kExact, height, width}; }
constexpr HfSize Square(int side) { return Sides(side, side); }
constexpr HfSize Short(int edge) { return {ResizeKind::kShortEdge, edge, 0}; }
constexpr HfSize Within(int edge, int longest) {
  return {ResizeKind::kShortEdgeWithin, edge, longest};
}

using F = Filter;
using C = HfConstants;

}  // namespace imnorm::hf_rows
