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
};

struct DerivedArray {
  std::string name;
  ElementType type = ElementType::kI64;  // or kI32, kBool
  DerivedKind kind = DerivedKind::kBox;
  size_t first = 0;            // a is this one of a picture's numbers, b the next
  bool channels_last = false;  // kBox: the rows' channels are
};

// The shape of one picture's.
std::vector<int64_t> ShapeOf(const DerivedArray& array, std::span<const int64_t> row_shape);

// Its elements.
//
// Shapes:   numbers [4], a picture's; out of ShapeOf(array, row_shape)
void MakeDerived(const DerivedArray& array, std::span<const int64_t> numbers,
                 std::span<const int64_t> row_shape, std::vector<uint8_t>* out);

}  // namespace imnorm
