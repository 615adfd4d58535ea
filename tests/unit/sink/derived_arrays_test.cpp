// Masks and positions beside rows.
#include "sink/derived_arrays.h"

#include <algorithm>
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

TEST_CASE("rows of tiles stand before the picture's own", "[sink]") {
  const std::vector<int64_t> rows = {5, 768};
  const std::vector<int64_t> numbers = {1, 3, 2, 2};
  const DerivedArray area = {"mask", ElementType::kI32, DerivedKind::kRowAreas};
  CHECK(ShapeOf(area, rows) == std::vector<int64_t>{5});
  CHECK(Made<int32_t>(area, numbers, rows) ==
        std::vector<int32_t>{1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0});
  const DerivedArray shapes = {"shapes", ElementType::kI64, DerivedKind::kRowShapes};
  CHECK(Made<int64_t>(shapes, numbers, rows) == std::vector<int64_t>{2, 2, 2, 2, 1, 3});
}

TEST_CASE("masks of tiles stand behind one of ones, and their tokens are counted", "[sink]") {
  DerivedArray mask = {"mask", ElementType::kF32, DerivedKind::kTileMask};
  mask.tile = 4;
  mask.cell = 1;
  // One row of two tiles; of the cells together the last column and two rows are free.
  const std::vector<int64_t> numbers = {4, 8, 1, 2};
  CHECK(ShapeOf(mask, {}) == std::vector<int64_t>{4, 4});
  const auto made = Made<float>(mask, numbers, {});
  REQUIRE(made.size() == 3 * 16);
  CHECK(std::count(made.begin(), made.begin() + 16, 1.0f) == 16);
  CHECK(std::count(made.begin() + 16, made.begin() + 32, 1.0f) == 8);
  CHECK(std::count(made.begin() + 32, made.end(), 1.0f) == 6);
  CHECK(made[32 + 2] == 1.0f);
  CHECK(made[32 + 3] == 0.0f);
  DerivedArray tokens = mask;
  tokens.type = ElementType::kI64;
  tokens.kind = DerivedKind::kTokenCount;
  // Every other cell of every other row: four ones in the first row, none in the second.
  CHECK(Made<int64_t>(tokens, numbers, {}) == std::vector<int64_t>{273 + 4 + 1});
}

TEST_CASE("positions are of patches row by row, -1 behind them", "[sink]") {
  const DerivedArray positions = {"ids", ElementType::kI64, DerivedKind::kPositions, 0};
  const std::vector<int64_t> rows = {5, 768};
  CHECK(ShapeOf(positions, rows) == std::vector<int64_t>{5, 2});
  CHECK(Made<int64_t>(positions, {2, 2, 0, 0}, rows) ==
        std::vector<int64_t>{0, 0, 1, 0, 0, 1, 1, 1, -1, -1});
}

}  // namespace imnorm
