// Sizes that hold as many patches as there is room for, as transformers 5.24 finds them.
#include "geometry/budget_size.h"

#include <catch2/catch.hpp>
#include <vector>

namespace imnorm {
namespace {

ResizePlan Plan(SmartRule rule, int multiple, int64_t most) {
  ResizePlan plan;
  plan.kind = ResizeKind::kSmart;
  plan.smart = rule;
  plan.multiple = multiple;
  plan.max_pixels = most * multiple * multiple;
  return plan;
}

constexpr Size kPictures[] = {{220, 530}, {500, 375},   {68, 121}, {27, 27},
                              {1500, 40}, {1124, 1632}, {150, 150}};

void Check(const ResizePlan& plan, const std::vector<Size>& expected) {
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(kPictures[i].width, kPictures[i].height);
    CHECK(ResizedSize(plan, kPictures[i].width, kPictures[i].height).value() == expected[i]);
  }
}

}  // namespace

TEST_CASE("as large as a number of patches holds, sides raised", "[geometry]") {
  Check(Plan(SmartRule::kBudget, 16, 256),
        {{160, 400}, {288, 224}, {192, 336}, {256, 256}, {1360, 48}, {208, 304}, {256, 256}});
  Check(Plan(SmartRule::kBudget, 14, 729),
        {{238, 574}, {434, 322}, {280, 504}, {378, 378}, {2100, 56}, {308, 448}, {378, 378}});
}

TEST_CASE("as large as a number of tokens holds, sides cut off", "[geometry]") {
  Check(Plan(SmartRule::kPooled, 48, 280),
        {{480, 1200}, {912, 672}, {576, 1056}, {768, 768}, {4896, 96}, {624, 960}, {768, 768}});
  const ResizePlan few = Plan(SmartRule::kPooled, 48, 70);
  CHECK(ResizedSize(few, 900, 9).value() == Size{3360, 48});  // as long as all tokens
  CHECK(ResizedSize(few, 9, 900).value() == Size{48, 3360});
  CHECK(!PooledSize(Plan(SmartRule::kPooled, 48, 0), 10, 10));
}

}  // namespace imnorm
