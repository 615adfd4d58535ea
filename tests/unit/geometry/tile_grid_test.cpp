// Grids of tiles, as transformers 5.24 chooses them.
#include "geometry/tile_grid.h"

#include <catch2/catch.hpp>
#include <vector>

#include "geometry/resized_size.h"
#include "imnorm/patches.h"

namespace imnorm {
namespace {

ResizePlan Tiles(TileRule rule, int side, int least, int most) {
  ResizePlan plan;
  plan.kind = ResizeKind::kTileGrid;
  plan.tiles = rule;
  plan.width = plan.height = side;
  plan.min_tiles = least;
  plan.max_tiles = most;
  return plan;
}

// height x width
using Sides = std::pair<int, int>;
constexpr Sides kPictures[] = {{530, 220}, {375, 500},   {121, 68}, {27, 27},
                               {40, 1500}, {1632, 1124}, {150, 150}};

// Columns and rows of each.
void Check(const ResizePlan& plan, const std::vector<TileGrid>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto [height, width] = kPictures[i];
    CAPTURE(height, width);
    CHECK(FindTileGrid(plan, width, height) == expected[i]);
  }
}

}  // namespace

TEST_CASE("as few tiles as cover a picture, or the nearest ratio", "[geometry]") {
  Check(Tiles(TileRule::kFewest, 448, 1, 36),
        {{1, 2}, {2, 1}, {1, 1}, {1, 1}, {4, 1}, {3, 4}, {1, 1}});
  Check(Tiles(TileRule::kFewest, 448, 1, 1), {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 1}});
  ResizePlan plan = Tiles(TileRule::kFewest, 448, 1, 36);
  plan.fit = TileFit::kCornerWhole;
  CHECK(ResizedSize(plan, 500, 375)->height == 448);
  CHECK(!ResizedSize(plan, 900, 5));
}

TEST_CASE("the nearest ratio, and at a tie more tiles for a picture that fills them",
          "[geometry]") {
  Check(Tiles(TileRule::kRatio, 448, 1, 12),
        {{2, 5}, {4, 3}, {1, 2}, {1, 1}, {12, 1}, {2, 3}, {1, 1}});
  Check(Tiles(TileRule::kRatio, 112, 2, 7),
        {{1, 3}, {3, 2}, {1, 2}, {2, 2}, {7, 1}, {2, 3}, {2, 2}});
  ResizePlan bound = Tiles(TileRule::kRatio, 512, 1, 32);
  CHECK(FindTileGrid(bound, 400, 12) == TileGrid{32, 1});
  bound.max_side_tiles = 16;
  CHECK(FindTileGrid(bound, 400, 12) == TileGrid{16, 1});
  const ResizePlan plan = Tiles(TileRule::kRatio, 100, 1, 4);
  CHECK(FindTileGrid(plan, 141, 141) == TileGrid{1, 1});  // not more than half of 2 x 2
  CHECK(FindTileGrid(plan, 142, 142) == TileGrid{2, 2});
}

TEST_CASE("the least enlargement, else the least shrinking", "[geometry]") {
  Check(Tiles(TileRule::kScale, 512, 1, 12),
        {{1, 2}, {1, 1}, {1, 1}, {1, 1}, {3, 1}, {3, 4}, {1, 1}});
  Check(Tiles(TileRule::kScale, 96, 1, 12),
        {{2, 5}, {4, 3}, {1, 2}, {1, 1}, {12, 1}, {3, 4}, {2, 2}});
}

TEST_CASE("the fewest tiles that keep most of a picture, with rows taken for columns",
          "[geometry]") {
  Check(Tiles(TileRule::kCovering, 448, 1, 12),
        {{2, 1}, {1, 2}, {1, 1}, {1, 1}, {1, 4}, {4, 3}, {1, 1}});
  Check(Tiles(TileRule::kCovering, 112, 1, 9),
        {{4, 2}, {3, 3}, {2, 1}, {1, 1}, {1, 9}, {3, 3}, {2, 2}});
}

TEST_CASE("the grid in which a picture fits largest, else the nearest ratio", "[geometry]") {
  Check(Tiles(TileRule::kContaining, 448, 1, 36),
        {{4, 9}, {7, 5}, {4, 8}, {6, 6}, {36, 1}, {5, 7}, {6, 6}});
  Check(Tiles(TileRule::kContaining, 64, 1, 5),
        {{1, 2}, {2, 2}, {2, 2}, {2, 2}, {5, 1}, {2, 2}, {2, 2}});
}

TEST_CASE("a picture becomes as large as its grid", "[geometry]") {
  GeometryPlan plan;
  plan.resize = Tiles(TileRule::kRatio, 448, 1, 12);
  const auto place = Place(plan, 220, 530);
  REQUIRE(place);
  CHECK(place->out_width == 896);
  CHECK(place->out_height == 2240);
}

TEST_CASE("an overview is one patch more, of several or always", "[geometry]") {
  PatchPlan plan;
  plan.size = 100;
  const auto count = [&](Overview overview, int width) {
    plan.overview = overview;
    return GridOf(plan, width, 100)->count();
  };
  CHECK(count(Overview::kNone, 300) == 3);
  CHECK(count(Overview::kLast, 300) == 4);
  CHECK(count(Overview::kBefore, 300) == 4);
  CHECK(count(Overview::kLast, 100) == 1);
  CHECK(count(Overview::kBefore, 100) == 1);
  CHECK(count(Overview::kFirst, 100) == 2);
}

}  // namespace imnorm
