// Masks and positions beside rows.
#include "sink/derived_arrays.h"

#include <catch2/catch.hpp>
#include <cstring>

namespace imnorm {
namespace {

template <typename T>
std::vector<T> Made(const DerivedArray& array, const std::vector<int64_t>& numbers,
                    const std::vector<int64_t>& row_shape) {
  std::vector<uint8_t> bytes;
  MakeDerived(array, numbers, row_shape, &bytes);
  std::vector<T> elements(bytes.size() / sizeof(T));
  std::memcpy(elements.data(), bytes.data(), bytes.size());
  return elements;
}

}  // namespace

TEST_CASE("a mask is 1 where there is a picture", "[sink]") {
  DerivedArray mask = {"pixel_mask", ElementType::kI64, DerivedKind::kBox, 1};
  const std::vector<int64_t> planes = {3, 2, 4};
  CHECK(ShapeOf(mask, planes) == std::vector<int64_t>{2, 4});
  CHECK(Made<int64_t>(mask, {9, 1, 3, 0}, planes) == std::vector<int64_t>{1, 1, 1, 0, 0, 0, 0, 0});
  mask.channels_last = true;
  CHECK(ShapeOf(mask, std::vector<int64_t>{2, 4, 3}) == std::vector<int64_t>{2, 4});
}

TEST_CASE("a mask of rows is 1 where there is a patch or a tile", "[sink]") {
  const std::vector<int64_t> rows = {5, 768};
  const DerivedArray area = {"mask", ElementType::kI32, DerivedKind::kFirstArea, 0};
  CHECK(ShapeOf(area, rows) == std::vector<int64_t>{5});
  CHECK(Made<int32_t>(area, {2, 2, 0, 0}, rows) == std::vector<int32_t>{1, 1, 1, 1, 0});
  const DerivedArray first = {"mask", ElementType::kI64, DerivedKind::kFirst, 3};
  CHECK(Made<int64_t>(first, {0, 0, 0, 2}, rows) == std::vector<int64_t>{1, 1, 0, 0, 0});
}

TEST_CASE("positions are of patches row by row, -1 behind them", "[sink]") {
  const DerivedArray positions = {"ids", ElementType::kI64, DerivedKind::kPositions, 0};
  const std::vector<int64_t> rows = {5, 768};
  CHECK(ShapeOf(positions, rows) == std::vector<int64_t>{5, 2});
  CHECK(Made<int64_t>(positions, {2, 2, 0, 0}, rows) ==
        std::vector<int64_t>{0, 0, 1, 0, 0, 1, 1, 1, -1, -1});
}

}  // namespace imnorm
