// Masks and positions, made when a file's tail is written.
#include "sink/derived_arrays.h"

#include <cstring>

namespace imnorm {
namespace {

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
    case DerivedKind::kFirst:
    case DerivedKind::kFirstArea:
      break;
  }
  return {row_shape.front()};
}

void MakeDerived(const DerivedArray& array, std::span<const int64_t> numbers,
                 std::span<const int64_t> row_shape, std::vector<uint8_t>* out) {
  const bool pairs = array.kind != DerivedKind::kFirst;
  const std::vector<int64_t> elements = ElementsOf(
      array, numbers[array.first], pairs ? numbers[array.first + 1] : 1, ShapeOf(array, row_shape));
  const size_t bytes = ElementBytes(array.type);
  out->resize(elements.size() * bytes);
  uint8_t* to = out->data();
  for (const int64_t element : elements) {
    std::memcpy(to, &element, bytes);  // little-endian: the low bytes come first
    to += bytes;
  }
}

}  // namespace imnorm
