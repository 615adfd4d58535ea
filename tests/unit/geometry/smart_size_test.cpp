// The sizes of smart_resize's variants, as transformers 5.24 computes them.
#include "geometry/smart_size.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

ResizePlan Smart(SmartRule rule, int multiple, int64_t min_pixels, int64_t max_pixels,
                 int frames = 1) {
  ResizePlan plan;
  plan.kind = ResizeKind::kSmart;
  plan.smart = rule;
  plan.multiple = multiple;
  plan.min_pixels = min_pixels;
  plan.max_pixels = max_pixels;
  plan.frames = frames;
  return plan;
}

// height x width of six pictures: 530x220, 375x500, 121x68, 27x27, 40x1500, 1632x1124
using Sides = std::pair<int, int>;
constexpr Sides kPictures[] = {{530, 220}, {375, 500}, {121, 68},
                               {27, 27},   {40, 1500}, {1632, 1124}};

void Check(const ResizePlan& plan, const std::vector<Sides>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto [height, width] = kPictures[i];
    CAPTURE(height, width);
    const auto size = SmartSize(plan, width, height);
    REQUIRE(size);
    CHECK(*size == Size{expected[i].second, expected[i].first});
  }
}

}  // namespace

TEST_CASE("Qwen's sides are multiples within a range of pixels", "[geometry]") {
  Check(Smart(SmartRule::kQwen, 28, 3136, 1003520),
        {{532, 224}, {364, 504}, {112, 56}, {56, 56}, {28, 1512}, {1204, 812}});
  Check(Smart(SmartRule::kQwen, 32, 65536, 16777216),
        {{544, 224}, {384, 512}, {352, 192}, {256, 256}, {64, 1568}, {1632, 1120}});
}

TEST_CASE("LFM2-VL's sides are multiples before they are counted", "[geometry]") {
  const ResizePlan plan = Smart(SmartRule::kLeast, 32, 65536, 262144);
  Check(plan, {{544, 224}, {384, 512}, {352, 192}, {256, 256}, {64, 1568}, {608, 416}});
  CHECK(*SmartSize(plan, 40000, 9) == Size{34112, 32});
}

TEST_CASE("GLM counts a picture's frames and lifts small sides, cut off", "[geometry]") {
  Check(Smart(SmartRule::kGlm, 28, 12544, 11760000, 2),
        {{532, 224}, {364, 504}, {112, 56}, {84, 84}, {28, 1512}, {1624, 1120}});
}

TEST_CASE("PaddleOCR lifts the height first, then the width", "[geometry]") {
  Check(Smart(SmartRule::kLift, 28, 147456, 2359296),
        {{616, 252}, {364, 504}, {532, 308}, {392, 392}, {84, 2352}, {1624, 1120}});
}

TEST_CASE("GLM-Image bounds sides of half the picture", "[geometry]") {
  const ResizePlan plan = Smart(SmartRule::kGlmImage, 28, 3136, 1003520);
  Check(plan, {{252, 112}, {196, 252}, {56, 28}});
  CHECK(*SmartSize(plan, 1124, 1632) == Size{336, 504});
  CHECK(!SmartSize(plan, 27, 27));
  CHECK(!SmartSize(plan, 401, 100));
}

TEST_CASE("a picture longer than its processor takes is refused", "[geometry]") {
  const ResizePlan plan = Smart(SmartRule::kQwen, 28, 3136, 1003520);
  CHECK(SmartSize(plan, 2000, 10));
  const auto refused = SmartSize(plan, 2001, 10);
  REQUIRE(!refused);
  CHECK(refused.error().message.find("200:1") != std::string::npos);
}

}  // namespace imnorm
