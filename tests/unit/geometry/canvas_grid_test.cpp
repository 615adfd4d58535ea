// Grids into which pictures are laid, as transformers 5.24 chooses them.
#include "geometry/canvas_grid.h"

#include <catch2/catch.hpp>
#include <vector>

namespace imnorm {
namespace {

ResizePlan Tiles(TileRule rule, TileFit fit, int side, int most) {
  ResizePlan plan;
  plan.kind = ResizeKind::kTileGrid;
  plan.tiles = rule;
  plan.fit = fit;
  plan.width = plan.height = side;
  plan.max_tiles = most;
  return plan;
}

// width x height
constexpr Size kPictures[] = {{220, 530}, {500, 375},   {68, 121}, {27, 27},
                              {1500, 40}, {1124, 1632}, {150, 150}};

struct Expected {
  TileGrid grid;
  Size fitted;
};

void Check(const ResizePlan& plan, const std::vector<Expected>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) {
    const Size& picture = kPictures[i];
    CAPTURE(picture.width, picture.height);
    const TileGrid grid = FindTileGrid(plan, picture.width, picture.height);
    CHECK(grid == expected[i].grid);
    CHECK(FittedSize(plan, grid, picture.width, picture.height) == expected[i].fitted);
  }
}

}  // namespace

TEST_CASE("the best of several sizes, with the picture in its middle", "[geometry]") {
  ResizePlan plan = Tiles(TileRule::kSizes, TileFit::kMiddle, 336, 1);
  plan.sizes = {{672, 336}, {336, 672}, {672, 672}, {336, 1008}, {1008, 336}};
  Check(plan, {{{1, 2}, {279, 672}},
               {{2, 2}, {672, 505}},
               {{2, 1}, {189, 336}},
               {{2, 1}, {336, 336}},
               {{3, 1}, {1008, 27}},
               {{2, 2}, {463, 672}},
               {{2, 1}, {337, 336}}});  // ceil(150 * 2.24) in double
  GeometryPlan geometry;
  geometry.resize = plan;
  const auto place = Place(geometry, 220, 530);
  REQUIRE(place);
  CHECK(place->out_width == 336);
  CHECK(place->out_height == 672);
  CHECK(place->pad_left == 28);  // of 57
  CHECK(place->pad_top == 0);
}

TEST_CASE("a canvas enlarges least, and the picture is no larger than it was", "[geometry]") {
  Check(Tiles(TileRule::kCanvas, TileFit::kCorner, 560, 4), {{{1, 1}, {232, 560}},
                                                             {{1, 1}, {560, 420}},
                                                             {{1, 1}, {314, 560}},
                                                             {{1, 1}, {560, 560}},
                                                             {{3, 1}, {1500, 40}},
                                                             {{2, 2}, {771, 1120}},
                                                             {{1, 1}, {560, 560}}});
  Check(Tiles(TileRule::kCanvas32, TileFit::kCorner, 336, 16), {{{1, 2}, {220, 530}},
                                                                {{2, 2}, {500, 375}},
                                                                {{1, 1}, {188, 336}},
                                                                {{1, 1}, {336, 336}},
                                                                {{5, 1}, {1500, 40}},
                                                                {{3, 5}, {1008, 1463}},
                                                                {{1, 1}, {336, 336}}});
}

TEST_CASE("or enlarges most, and the picture fills it", "[geometry]") {
  Check(Tiles(TileRule::kLargestCanvas, TileFit::kCornerWhole, 336, 16), {{{3, 5}, {697, 1680}},
                                                                          {{4, 3}, {1344, 1008}},
                                                                          {{3, 5}, {944, 1680}},
                                                                          {{4, 4}, {1344, 1344}},
                                                                          {{16, 1}, {5376, 143}},
                                                                          {{3, 5}, {1008, 1463}},
                                                                          {{4, 4}, {1344, 1344}}});
}

TEST_CASE("a scale to a grid of Llama 4 is of float32", "[geometry]") {
  const ResizePlan plan = Tiles(TileRule::kLargestCanvas, TileFit::kCornerWhole, 336, 16);
  const TileGrid grid = FindTileGrid(plan, 300, 400);
  CHECK(grid == TileGrid{3, 4});
  CHECK(FittedSize(plan, grid, 300, 400) == Size{1007, 1344});  // 1008 in double
}

TEST_CASE("a long side first, made even, then the tiles that cover it", "[geometry]") {
  ResizePlan first;
  first.kind = ResizeKind::kLongEdgeEven;
  first.size = 1456;
  first.max_size = 4096;
  const Size firsts[] = {{604, 1456}, {1456, 1092}, {818, 1456}, {1456, 1456},
                         {1456, 38},  {1002, 1456}, {1456, 1456}};
  const TileGrid grids[] = {{2, 4}, {4, 3}, {3, 4}, {4, 4}, {4, 1}, {3, 4}, {4, 4}};
  GeometryPlan plan;
  plan.first = first;
  plan.resize = Tiles(TileRule::kOwn, TileFit::kWarp, 364, 1);
  for (size_t i = 0; i < std::size(kPictures); ++i) {
    const Size& picture = kPictures[i];
    CAPTURE(picture.width, picture.height);
    CHECK(ResizedSize(first, picture.width, picture.height).value() == firsts[i]);
    const auto place = Place(plan, int(picture.width), int(picture.height));
    REQUIRE(place);
    CHECK(place->out_width == grids[i].columns * 364);
    CHECK(place->out_height == grids[i].rows * 364);
    CHECK(place->in_width == picture.width);
  }
  first.size = 5000;  // above the cap the ratio of what 5000 makes counts
  CHECK(ResizedSize(first, 68, 121).value() == Size{2301, 4096});
  CHECK(ResizedSize(first, 1500, 40).value() == Size{4096, 109});
}

TEST_CASE("thumbnails never enlarge", "[geometry]") {
  ResizePlan plan;
  plan.kind = ResizeKind::kThumbnail;
  plan.width = 300;
  plan.height = 400;
  const Size expected[] = {{166, 400}, {300, 225}, {68, 121}, {27, 27},
                           {300, 8},   {275, 400}, {150, 150}};
  for (size_t i = 0; i < std::size(kPictures); ++i) {
    CHECK(ResizedSize(plan, kPictures[i].width, kPictures[i].height).value() == expected[i]);
  }
  CHECK(ResizedSize(plan, 500, 500).value() == Size{300, 400});  // squares are warped
}

TEST_CASE("no side of a long edge becomes less than the least", "[geometry]") {
  ResizePlan plan;
  plan.kind = ResizeKind::kLongEdge;
  plan.rounding = SideRounding::kHalfEven;
  plan.size = 384;
  CHECK(ResizedSize(plan, 1500, 40).value() == Size{384, 10});
  plan.min_side = 14;
  CHECK(ResizedSize(plan, 1500, 40).value() == Size{384, 14});
}

TEST_CASE("a pad is at the right and bottom, and holds what it must", "[geometry]") {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kLongEdge;
  plan.resize.rounding = SideRounding::kHalfUp;
  plan.resize.size = 1024;
  plan.pad = {1024, 1030};
  const auto place = Place(plan, 1124, 1632);
  REQUIRE(place);
  CHECK(place->window == Rect{0, 0, 705, 1024});
  CHECK(place->out_width == 1024);
  CHECK(place->out_height == 1030);
  CHECK(place->pad_left == 0);
  plan.pad.width = 700;
  CHECK(!Place(plan, 1124, 1632));
}

TEST_CASE("pages are turned to their crop, and what is too large is cut in the middle",
          "[geometry]") {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kShortEdge;
  plan.resize.size = 480;
  plan.crop = {480, 601, CropRounding::kCeil};
  auto place = Place(plan, 480, 700);
  REQUIRE(place);
  CHECK(place->window == Rect{0, 50, 480, 601});  // of 99 too many 50 above
  CHECK(place->pad_top == 0);
  plan.turn_to_fit = true;
  CHECK(TurnsToFit(plan, 700, 480));
  CHECK(!TurnsToFit(plan, 480, 700));
  place = Place(plan, 700, 480);
  REQUIRE(place);
  CHECK(place->resized_height == 700);
  CHECK(place->in_height == 480);
}

}  // namespace imnorm
