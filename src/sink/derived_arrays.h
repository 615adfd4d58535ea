// Arrays beside packed rows that follow from a few numbers of each picture: masks, positions.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "imnorm/element_type.h"

namespace imnorm {

enum class DerivedKind {
  kBox,        // [height][width] of the rows' last two sides: ones where row < a and column < b
  kFirst,      // [rows' first side]: ones at the first a
  kFirstArea,  // the same, at the first a * b
  kPositions,  // [rows' first side][2]: (i % b, i / b) at the first a * b, else (-1, -1)
  // Of c rows of d x d patches, and one of a x b behind them:
  kRowAreas,   // [rows][rows' first side]: ones at the first of each
  kRowShapes,  // [rows][2]: (d, d) each, then (a, b)
  // Of tiles behind an overview, a x b pixels together, the last c columns and d rows of `cell`
  // pixels of which are free:
  kTileMask,    // [tiles][tile / cell][tile / cell]: ones, but where these are free
  kTokenCount,  // []: 273, and of every other cell of every other row the ones, those of the first
                // column twice (Phi-4)
};

struct DerivedArray {
  std::string name;
  ElementType type = ElementType::kI64;  // or kI32, kBool, kF32
  DerivedKind kind = DerivedKind::kBox;
  size_t first = 0;            // a is this one of a picture's numbers, b the next
  bool channels_last = false;  // kBox: the rows' channels are
  bool of_rows = false;        // an entry a row, not a picture
  int tile = 0;                // kTileMask, kTokenCount
  int cell = 1;
};

// The shape of one picture's, or of one row's.
std::vector<int64_t> ShapeOf(const DerivedArray& array, std::span<const int64_t> row_shape);

// The elements of one picture, and where they are of rows of all of its.
//
// Shapes:   numbers [4], a picture's; out of ShapeOf(array, row_shape)
void MakeDerived(const DerivedArray& array, std::span<const int64_t> numbers,
                 std::span<const int64_t> row_shape, std::vector<uint8_t>* out);

}  // namespace imnorm
