// Sizes brought to multiples, as detectors and depth models of transformers 5.24 have them.
#include "geometry/resized_size.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

ResizePlan Multiple(ResizeKind kind, int multiple, MultipleRounding rounding) {
  ResizePlan plan;
  plan.kind = kind;
  plan.multiple = multiple;
  plan.multiple_rounding = rounding;
  return plan;
}

// By (height, width), as the references give them.
std::pair<int64_t, int64_t> Resized(const ResizePlan& plan, int height, int width) {
  const Size size = ResizedSize(plan, width, height).value();
  return {size.height, size.width};
}

using Sides = std::pair<int64_t, int64_t>;

}  // namespace

TEST_CASE("a detector's sides are cut off, or raised, to a multiple", "[geometry]") {
  ResizePlan plan = Multiple(ResizeKind::kShortEdgeWithin, 16, MultipleRounding::kFloor);
  plan.size = 800;
  plan.max_size = 1333;
  CHECK(Resized(plan, 530, 220) == Sides{1328, 544});
  CHECK(Resized(plan, 375, 500) == Sides{800, 1056});
  CHECK(Resized(plan, 40, 1500) == Sides{32, 1328});
  plan.multiple = 32;
  plan.multiple_rounding = MultipleRounding::kCeil;
  CHECK(Resized(plan, 530, 220) == Sides{1344, 576});
  CHECK(Resized(plan, 375, 500) == Sides{800, 1088});
  CHECK(Resized(plan, 40, 1500) == Sides{64, 1344});
}

TEST_CASE("ViLT rounds half up, then cuts off", "[geometry]") {
  ResizePlan plan = Multiple(ResizeKind::kShortEdge, 32, MultipleRounding::kFloor);
  plan.size = 384;
  plan.max_size = 639;
  plan.rounding = SideRounding::kHalfUp;
  CHECK(Resized(plan, 530, 220) == Sides{608, 256});
  CHECK(Resized(plan, 121, 68) == Sides{608, 352});
  CHECK(Resized(plan, 1632, 1124) == Sides{544, 384});
  CHECK(Resized(plan, 40, 1500) == Sides{0, 608});  // Place refuses it, as ViLT does
}

TEST_CASE("Idefics 2 bounds the long side, then the short one", "[geometry]") {
  ResizePlan plan;
  plan.kind = ResizeKind::kBothEdges;
  plan.size = 378;
  plan.max_size = 980;
  CHECK(Resized(plan, 375, 500) == Sides{378, 500});
  CHECK(Resized(plan, 2000, 1000) == Sides{980, 490});
  CHECK(Resized(plan, 100, 3000) == Sides{378, 980});
}

TEST_CASE("ZoeDepth cuts off what was rounded to 32nds", "[geometry]") {
  ResizePlan plan;
  plan.kind = ResizeKind::kNearestScale;
  plan.rounding = SideRounding::kTo32nds;
  plan.width = 512;
  plan.height = 384;
  CHECK(Resized(plan, 300, 401) == Sides{383, 512});  // 383.04
  plan.rounding = SideRounding::kTruncate;
  plan.multiple = 32;
  plan.multiple_rounding = MultipleRounding::kNearest;
  CHECK(Resized(plan, 300, 401) == Sides{384, 512});
}

TEST_CASE("Pixtral only shrinks, then raises to its patch", "[geometry]") {
  ResizePlan plan = Multiple(ResizeKind::kShrinkInside, 16, MultipleRounding::kCeil);
  plan.width = plan.height = 1024;
  CHECK(Resized(plan, 530, 220) == Sides{544, 224});
  CHECK(Resized(plan, 27, 27) == Sides{32, 32});
  CHECK(Resized(plan, 1632, 1124) == Sides{1024, 720});
}

TEST_CASE("DPT keeps the ratio by the scale nearer to 1", "[geometry]") {
  ResizePlan plan = Multiple(ResizeKind::kNearestScale, 14, MultipleRounding::kNearest);
  plan.width = plan.height = 518;
  CHECK(Resized(plan, 530, 220) == Sides{518, 210});
  CHECK(Resized(plan, 375, 500) == Sides{392, 518});
  CHECK(Resized(plan, 40, 1500) == Sides{14, 518});
  plan.kind = ResizeKind::kExact;
  plan.width = plan.height = 511;
  CHECK(Resized(plan, 530, 220) == Sides{504, 504});  // 36.5 is half to even
}

TEST_CASE("GLPN takes the picture's own sides, cut off", "[geometry]") {
  const ResizePlan plan = Multiple(ResizeKind::kOwnSize, 32, MultipleRounding::kFloor);
  CHECK(Resized(plan, 375, 500) == Sides{352, 480});
  CHECK(Resized(plan, 27, 27) == Sides{0, 0});
}

}  // namespace imnorm
