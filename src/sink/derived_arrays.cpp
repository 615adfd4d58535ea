// Masks and positions, made when a file's tail is written.
#include "sink/derived_arrays.h"

#include <cstring>

namespace imnorm {
namespace {

// The mask of all tiles as one, at every `step` cells of each tile.
std::vector<int64_t> MaskOfTiles(const DerivedArray& array, std::span<const int64_t> numbers,
                                 int step, size_t& columns) {
  const int64_t side = array.tile / array.cell;
  const int64_t height = numbers[0] / array.tile * side, width = numbers[1] / array.tile * side;
  std::vector<int64_t> mask;
  columns = 0;
  for (int64_t y = 0; y < height; ++y) {
    if (y % side % step != 0) continue;
    columns = 0;
    for (int64_t x = 0; x < width; ++x) {
      if (x % side % step != 0) continue;
      mask.push_back(x < width - numbers[2] && y < height - numbers[3]);
      ++columns;
    }
  }
  return mask;
}

std::vector<int64_t> TileMasks(const DerivedArray& array, std::span<const int64_t> numbers) {
  size_t columns = 0;
  const std::vector<int64_t> mask = MaskOfTiles(array, numbers, 1, columns);
  const auto side = size_t(array.tile / array.cell);
  std::vector<int64_t> elements(side * side, 1);
  for (size_t top = 0; top < mask.size() / columns; top += side) {
    for (size_t left = 0; left < columns; left += side) {
      for (size_t y = top; y < top + side; ++y) {
        const auto from = mask.begin() + ptrdiff_t(y * columns + left);
        elements.insert(elements.end(), from, from + ptrdiff_t(side));
      }
    }
  }
  return elements;
}

int64_t TokensOf(const DerivedArray& array, std::span<const int64_t> numbers) {
  constexpr int64_t kAlways = 256 + 1 + 16;
  size_t columns = 0;
  const std::vector<int64_t> mask = MaskOfTiles(array, numbers, 2, columns);
  int64_t tokens = kAlways;
  for (size_t i = 0; i < mask.size(); ++i) tokens += mask[i] * (i % columns == 0 ? 2 : 1);
  return tokens;
}

std::vector<int64_t> RowAreas(std::span<const int64_t> numbers, int64_t side) {
  std::vector<int64_t> elements;
  for (int64_t row = 0; row <= numbers[2]; ++row) {
    const int64_t area = row < numbers[2] ? numbers[3] * numbers[3] : numbers[0] * numbers[1];
    for (int64_t i = 0; i < side; ++i) elements.push_back(i < area);
  }
  return elements;
}

std::vector<int64_t> RowShapes(std::span<const int64_t> numbers) {
  std::vector<int64_t> elements(size_t(2 * numbers[2]), numbers[3]);
  elements.push_back(numbers[0]);
  elements.push_back(numbers[1]);
  return elements;
}

std::vector<int64_t> ElementsOf(const DerivedArray& array, int64_t a, int64_t b,
                                const std::vector<int64_t>& shape) {
  std::vector<int64_t> elements;
  const int64_t rows = shape[0];
  if (array.kind == DerivedKind::kFirstArea || array.kind == DerivedKind::kPositions) {
    const int64_t count = a * b;
    for (int64_t i = 0; i < rows; ++i) {
      if (array.kind == DerivedKind::kFirstArea) {
        elements.push_back(i < count);
      } else {
        elements.push_back(i < count ? i % b : -1);
        elements.push_back(i < count ? i / b : -1);
      }
    }
    return elements;
  }
  const int64_t columns = array.kind == DerivedKind::kBox ? shape[1] : 1;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < columns; ++j) {
      elements.push_back(i < a && (array.kind == DerivedKind::kFirst || j < b));
    }
  }
  return elements;
}

}  // namespace

std::vector<int64_t> ShapeOf(const DerivedArray& array, std::span<const int64_t> row_shape) {
  switch (array.kind) {
    case DerivedKind::kBox:
      if (array.channels_last) return {row_shape[0], row_shape[1]};
      return {row_shape[row_shape.size() - 2], row_shape.back()};
    case DerivedKind::kPositions:
      return {row_shape.front(), 2};
    case DerivedKind::kRowAreas:
      return {row_shape.front()};
    case DerivedKind::kRowShapes:
      return {2};
    case DerivedKind::kTileMask:
      return {array.tile / array.cell, array.tile / array.cell};
    case DerivedKind::kTokenCount:
      return {};
    case DerivedKind::kFirst:
    case DerivedKind::kFirstArea:
      break;
  }
  return {row_shape.front()};
}

void MakeDerived(const DerivedArray& array, std::span<const int64_t> numbers,
                 std::span<const int64_t> row_shape, std::vector<uint8_t>* out) {
  const bool pairs = array.kind != DerivedKind::kFirst;
  std::vector<int64_t> elements;
  if (array.kind == DerivedKind::kTileMask) {
    elements = TileMasks(array, numbers);
  } else if (array.kind == DerivedKind::kRowAreas) {
    elements = RowAreas(numbers, row_shape.front());
  } else if (array.kind == DerivedKind::kRowShapes) {
    elements = RowShapes(numbers);
  } else if (array.kind == DerivedKind::kTokenCount) {
    elements = {TokensOf(array, numbers)};
  } else {
    elements = ElementsOf(array, numbers[array.first], pairs ? numbers[array.first + 1] : 1,
                          ShapeOf(array, row_shape));
  }
  const size_t bytes = ElementBytes(array.type);
  out->resize(elements.size() * bytes);
  uint8_t* to = out->data();
  for (const int64_t element : elements) {
    const auto single = float(element);
    const bool floats = array.type == ElementType::kF32;
    // Little-endian: the low bytes come first.
    std::memcpy(to, floats ? static_cast<const void*>(&single) : &element, bytes);
    to += bytes;
  }
}

}  // namespace imnorm
