// Sizes, crop starts and pads by torchvision's, Hugging Face's, timm's and Ultralytics' rules.
#include <catch2/catch.hpp>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

GeometryPlan Crop(int side, CropRounding rounding) {
  GeometryPlan plan;
  plan.crop = {side, side, rounding};
  return plan;
}

GeometryPlan ShortEdge(int size) {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kShortEdge;
  plan.resize.size = size;
  return plan;
}

GeometryPlan Sides(ResizeKind kind, int width, int height) {
  GeometryPlan plan;
  plan.resize.kind = kind;
  plan.resize.width = width;
  plan.resize.height = height;
  return plan;
}

std::pair<int, int> Resized(const GeometryPlan& plan, int width, int height) {
  const Placement place = Place(plan, width, height).value();
  return {place.resized_width, place.resized_height};
}

}  // namespace

TEST_CASE("a centre crop starts where torchvision's does, half to even", "[geometry]") {
  const GeometryPlan plan = Crop(224, CropRounding::kHalfEven);
  const int starts[] = {16, 17, 18, 18, 18, 19};  // of 257..262
  for (int i = 0; i < 6; ++i) {
    CAPTURE(257 + i);
    const Placement place = Place(plan, 300, 257 + i).value();
    CHECK(place.window == Rect{38, starts[i], 224, 224});
    CHECK(place.out_height == 224);
  }
}

TEST_CASE("a centre crop starts where Hugging Face's does, cut off", "[geometry]") {
  const GeometryPlan plan = Crop(224, CropRounding::kFloor);
  const int starts[] = {16, 17, 17, 18, 18, 19};  // of 257..262
  for (int i = 0; i < 6; ++i) {
    CAPTURE(257 + i);
    CHECK(Place(plan, 300, 257 + i)->window.y == starts[i]);
  }
}

TEST_CASE("a picture smaller than the crop is padded, the odd pixel by the library's rule",
          "[geometry]") {
  const Placement even = Place(Crop(10, CropRounding::kHalfEven), 7, 12).value();
  CHECK(even.window == Rect{0, 1, 7, 10});
  CHECK(even.pad_left == 1);
  CHECK(even.pad_top == 0);
  CHECK(even.out_width == 10);
  CHECK(even.out_height == 10);
  const Placement floor = Place(Crop(10, CropRounding::kFloor), 7, 10).value();
  CHECK(floor.pad_left == 2);
  CHECK(floor.window == Rect{0, 0, 7, 10});
}

TEST_CASE("the long side follows the short edge, cut off", "[geometry]") {
  CHECK(Resized(ShortEdge(256), 500, 375) == std::pair{341, 256});
  CHECK(Resized(ShortEdge(256), 375, 500) == std::pair{256, 341});
  CHECK(Resized(ShortEdge(256), 333, 500) == std::pair{256, 384});
  CHECK(Resized(ShortEdge(256), 100, 100) == std::pair{256, 256});
  CHECK(Resized(ShortEdge(7), 3, 2) == std::pair{10, 7});
}

TEST_CASE("max_size bounds the long side and the short one follows", "[geometry]") {
  GeometryPlan plan = ShortEdge(256);
  plan.resize.max_size = 300;
  CHECK(Resized(plan, 500, 375) == std::pair{300, 225});
  CHECK(Resized(plan, 400, 375) == std::pair{273, 256});
}

TEST_CASE("the short side follows the long edge", "[geometry]") {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kLongEdge;
  plan.resize.size = 640;
  CHECK(Resized(plan, 1280, 721) == std::pair{640, 360});
  CHECK(Resized(plan, 721, 1280) == std::pair{360, 640});
  plan.resize.rounding = SideRounding::kHalfUp;
  CHECK(Resized(plan, 1280, 721) == std::pair{640, 361});  // 360.5
}

TEST_CASE("a letterbox keeps the ratio and puts the odd pixel right and below", "[geometry]") {
  const Placement place = Place(Sides(ResizeKind::kLetterbox, 640, 640), 500, 331).value();
  CHECK(place.resized_width == 640);
  CHECK(place.resized_height == 424);  // 423.68
  CHECK(place.gain == Approx(1.28));
  CHECK(place.pad_left == 0);
  CHECK(place.pad_top == 108);
  const Placement odd = Place(Sides(ResizeKind::kLetterbox, 101, 100), 100, 50).value();
  CHECK(odd.resized_height == 50);  // 50.5, half to even
  CHECK(odd.pad_top == 25);
  const Placement below = Place(Sides(ResizeKind::kLetterbox, 100, 51), 100, 50).value();
  CHECK(below.pad_top == 0);  // half a pixel, less 0.1
  CHECK(below.out_height == 51);
}

TEST_CASE("a letterbox with a stride pads to its multiples only", "[geometry]") {
  GeometryPlan plan = Sides(ResizeKind::kLetterbox, 640, 640);
  plan.resize.stride = 32;
  const Placement lying = Place(plan, 500, 331).value();
  CHECK(lying.resized_height == 424);
  CHECK(lying.out_width == 640);
  CHECK(lying.out_height == 448);  // 216 rows are missing, 24 of them beyond multiples of 32
  CHECK(lying.pad_top == 12);
  const Placement upright = Place(plan, 481, 640).value();
  CHECK(upright.out_width == 512);
  CHECK(upright.pad_left == 15);  // 15.5, less 0.1
  CHECK(upright.out_height == 640);
  const Placement whole = Place(plan, 100, 100).value();
  CHECK(whole.out_height == 640);
  CHECK(whole.pad_top == 0);
}

TEST_CASE("an exact size takes any ratio, and no geometry takes the picture", "[geometry]") {
  CHECK(Resized(Sides(ResizeKind::kExact, 224, 7), 1000, 3) == std::pair{224, 7});
  const Placement place = Place(GeometryPlan(), 33, 21).value();
  CHECK(place.window == Rect{0, 0, 33, 21});
  CHECK(place.out_width == 33);
  CHECK(place.out_height == 21);
}

TEST_CASE("a side that would vanish or explode is refused with the sizes", "[geometry]") {
  GeometryPlan plan;
  plan.resize.kind = ResizeKind::kLongEdge;
  plan.resize.size = 10;
  const auto thin = Place(plan, 1000, 1);
  REQUIRE_FALSE(thin);
  CHECK(thin.error().code == ErrorCode::kBadArgument);
  CHECK(thin.error().message.find("1000x1") != std::string::npos);
  CHECK_FALSE(Place(ShortEdge(1 << 24), 1, 2));
}

}  // namespace imnorm
