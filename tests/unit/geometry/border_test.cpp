// What is put around pictures.
#include "geometry/border.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

Image Row(const std::vector<uint8_t>& samples, int height) {
  Image picture;
  picture.Reshape(int(samples.size()), height, 1, ElementType::kU8);
  for (int y = 0; y < height; ++y) std::copy(samples.begin(), samples.end(), picture.row(y));
  return picture;
}

std::vector<uint8_t> FirstRow(const Image& picture) {
  return {picture.row(0), picture.row(0) + picture.width};
}

}  // namespace

TEST_CASE("a mirror behind a picture begins with its edge and is never empty", "[geometry]") {
  const BorderPlan border = {BorderKind::kMirrorBehind, 4};
  Image picture = Row({1, 2, 3, 4, 5}, 4);
  REQUIRE(AddBorder(border, false, picture));
  CHECK(FirstRow(picture) == std::vector<uint8_t>{1, 2, 3, 4, 5, 5, 4, 3});
  CHECK(picture.height == 8);
  Image narrow = Row({7}, 4);
  CHECK(!AddBorder(border, false, narrow));
  REQUIRE(AddBorder(border, true, narrow));
  CHECK(FirstRow(narrow) == std::vector<uint8_t>{7, 7, 7, 7});
}

TEST_CASE("a mirror around a picture leaves its edge out", "[geometry]") {
  const BorderPlan border = {BorderKind::kMirrorAround};
  Image picture = Row({1, 2, 3, 4, 5, 6}, 8);
  REQUIRE(AddBorder(border, false, picture));
  CHECK(FirstRow(picture) == std::vector<uint8_t>{6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1});
  CHECK(picture.height == 8 + 2 * 6);
  Image small = Row({1, 2, 3, 4}, 8);
  CHECK(!AddBorder(border, false, small));
}

TEST_CASE("a square has zeros at the right or bottom", "[geometry]") {
  Image picture = Row({1, 2, 3}, 2);
  REQUIRE(AddBorder({BorderKind::kSquare}, false, picture));
  CHECK(picture.height == 3);
  CHECK(picture.row(1)[2] == 3);
  CHECK(picture.row(2)[2] == 0);
}

TEST_CASE("a border beyond any picture's pixels is refused", "[geometry]") {
  Image picture = Row(std::vector<uint8_t>(20000, 1), 1);
  CHECK(!AddBorder({BorderKind::kSquare}, false, picture));
}

}  // namespace imnorm
