// The resize kinds that foreign configs and presets bring along, against sizes that the named
// libraries' own formulas give.
#include <catch2/catch.hpp>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

struct Sides {
  int width = 0;
  int height = 0;
  bool operator==(const Sides&) const = default;
};

Sides Resized(const ResizePlan& resize, int width, int height) {
  GeometryPlan plan;
  plan.resize = resize;
  const Placement place = Place(plan, width, height).value();
  return {place.resized_width, place.resized_height};
}

}  // namespace

TEST_CASE("timm's ResizeKeepRatio rounds half to even, inside and outside", "[plan]") {
  ResizePlan resize;
  resize.width = 284;
  resize.height = 213;
  resize.kind = ResizeKind::kRatioInside;
  CHECK(Resized(resize, 500, 333) == Sides{284, 189});
  CHECK(Resized(resize, 333, 500) == Sides{142, 213});
  resize.kind = ResizeKind::kRatioOutside;
  CHECK(Resized(resize, 500, 333) == Sides{320, 213});
  CHECK(Resized(resize, 333, 500) == Sides{284, 426});
  resize.width = resize.height = 5;
  resize.kind = ResizeKind::kRatioInside;
  CHECK(Resized(resize, 10, 5) == Sides{5, 2});  // 2.5
  CHECK(Resized(resize, 10, 7) == Sides{5, 4});  // 3.5
}

TEST_CASE("DETR's size rule keeps the long side in bounds", "[plan]") {
  ResizePlan resize;
  resize.kind = ResizeKind::kShortEdgeWithin;
  resize.size = 800;
  resize.max_size = 1333;
  CHECK(Resized(resize, 640, 480) == Sides{1066, 800});
  CHECK(Resized(resize, 480, 640) == Sides{800, 1066});
  CHECK(Resized(resize, 2000, 480) == Sides{1333, 320});
  CHECK(Resized(resize, 800, 800) == Sides{800, 800});
}

TEST_CASE("SAM's and Detectron2's sides are rounded half up", "[plan]") {
  ResizePlan resize;
  resize.rounding = SideRounding::kHalfUp;
  resize.kind = ResizeKind::kLongEdge;
  resize.size = 1024;
  CHECK(Resized(resize, 2048, 1001) == Sides{1024, 501});  // 500.5
  CHECK(Resized(resize, 640, 427) == Sides{1024, 683});    // 683.2
  resize.kind = ResizeKind::kShortEdge;
  resize.size = 800;
  resize.max_size = 1333;
  CHECK(Resized(resize, 640, 427) == Sides{1199, 800});   // 1199.06
  CHECK(Resized(resize, 500, 1000) == Sides{667, 1333});  // 666.5
}

}  // namespace imnorm
