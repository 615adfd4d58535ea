#include "decode/orient.h"

#include <catch2/catch.hpp>

#include "unit/decode/files.h"

namespace imnorm {
namespace {

// Where the upright pixel (x, y) stands in a stored picture of w x h, from EXIF's own table of what
// the 0th row and the 0th column are.
std::pair<int, int> StoredPlace(int orientation, int x, int y, int w, int h) {
  switch (orientation) {
    case 2:
      return {w - 1 - x, y};
    case 3:
      return {w - 1 - x, h - 1 - y};
    case 4:
      return {x, h - 1 - y};
    case 5:
      return {y, x};
    case 6:
      return {y, h - 1 - x};
    case 7:
      return {w - 1 - y, h - 1 - x};
    case 8:
      return {w - 1 - y, x};
    default:
      return {x, y};
  }
}

void Turn(int orientation, const Image& stored, testing::Collector& collector) {
  Orienter orienter;
  orienter.Reset(orientation, collector);
  const auto window = orienter.Begin({stored.width, stored.height, stored.channels, stored.type});
  REQUIRE(window);
  for (int y = window->y; y < window->y + window->height; ++y) {
    orienter.Rows(stored.row(y) + size_t(window->x) * size_t(stored.channels),
                  stored.stride_bytes(), y, 1);
  }
  REQUIRE(orienter.Finish());
}

TEST_CASE("every orientation and window puts each pixel where EXIF says", "[decode]") {
  const Image stored = testing::MakeImage(23, 41, 3);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    for (const Rect& window : {Rect{}, Rect{2, 5, 9, 11}, Rect{0, 0, 1, 1}, Rect{7, 3, 16, 20}}) {
      testing::Collector collector(window);
      Turn(orientation, stored, collector);
      CAPTURE(orientation, window.x, window.y);
      const Image& upright = collector.image;
      bool equal = true;
      for (int y = 0; y < upright.height; ++y) {
        for (int x = 0; x < upright.width; ++x) {
          const auto [from_x, from_y] =
              StoredPlace(orientation, x + window.x, y + window.y, stored.width, stored.height);
          for (int c = 0; c < 3; ++c) {
            equal = equal && upright.row(y)[x * 3 + c] == stored.row(from_y)[from_x * 3 + c];
          }
        }
      }
      CHECK(equal);
      CHECK(collector.info.width == (orientation >= 5 ? 41 : 23));
    }
  }
}

}  // namespace
}  // namespace imnorm
