#include "geometry/pass_order.h"

#include <catch2/catch.hpp>

#include "imnorm/words.h"
#include "unit/geometry/golden_picture.h"
#include "unit/geometry/resize_run.h"

namespace imnorm {

TEST_CASE("the passes come in Pillow 13's order, or in an older one", "[geometry]") {
  const auto golden = testing::GoldenCases("passes_golden.json");
  std::mt19937 random(3);
  int differ = 0, tall = 0;
  for (const auto& item : golden) {
    const auto in = item["in"].get<std::vector<int>>(), out = item["out"].get<std::vector<int>>();
    const std::string filter = item["filter"];
    CAPTURE(filter, item["channels"].get<int>(), in, out);
    const Image picture = testing::Pattern(in[0], in[1], item["channels"]);
    GeometryPlan plan = testing::Exact(out[0], out[1], *ParseWord<Filter>("filter", filter));
    for (const int pillow : {11, 12, 13}) {
      CAPTURE(pillow);
      plan.resize.pillow = pillow;
      CHECK(testing::Fnv(testing::Run(plan, picture, random).pixels) ==
            item[std::to_string(pillow)].get<std::string>());
    }
    differ += item["11"] != item["13"];
    tall += item["11"] != item["12"];
  }
  CHECK(golden.size() == 312);
  CHECK(differ == 72);
  CHECK(tall == 8);
}

TEST_CASE("rows are blended first only where that is the release's rule", "[geometry]") {
  ResizePlan plan;
  plan.filter = Filter::kBicubic;
  CHECK(plan.pillow == 13);
  CHECK(VerticalFirst(plan, 40, 81, 20, 40));
  CHECK_FALSE(VerticalFirst(plan, 40, 80, 20, 40));
  CHECK(VerticalFirst(plan, 20, 61, 30, 60));  // it becomes wider
  CHECK_FALSE(VerticalFirst(plan, 20, 60, 30, 60));
  CHECK_FALSE(VerticalFirst(plan, 20, 60, 90, 61));
  CHECK(VerticalFirst(plan, 1, 1 << 24, 1 << 24, 1));
  plan.filter = Filter::kNearest;
  CHECK_FALSE(VerticalFirst(plan, 40, 81, 20, 40));
  plan.filter = Filter::kBox;
  plan.pillow = 12;
  CHECK_FALSE(VerticalFirst(plan, 40, 81, 20, 40));
  CHECK_FALSE(VerticalFirst(plan, 4, 400, 9, 399));
  CHECK(VerticalFirst(plan, 4, 401, 9, 400));
  CHECK_FALSE(VerticalFirst(plan, 4, 401, 9, 401));
  plan.pillow = 11;
  CHECK_FALSE(VerticalFirst(plan, 4, 401, 9, 400));
  plan.pillow = 13;
  plan.engine = ResizeEngine::kOpencv;
  CHECK_FALSE(VerticalFirst(plan, 40, 81, 20, 40));
}

}  // namespace imnorm
