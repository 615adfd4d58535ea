// torch's float32 resize of bytes: against torchvision's own results.
#include "geometry/float_resizer.h"

#include <catch2/catch.hpp>

#include "imnorm/words.h"
#include "support/each_target.h"
#include "unit/geometry/golden_picture.h"
#include "unit/geometry/resize_run.h"

namespace imnorm {
namespace {

GeometryPlan FloatPlan(int width, int height, Filter filter) {
  GeometryPlan plan = testing::Exact(width, height, filter);
  plan.resize.engine = ResizeEngine::kTorchFloat;
  return plan;
}

}  // namespace

TEST_CASE("the float resize is torchvision's on tensors, byte for byte, on every target",
          "[geometry]") {
  const auto golden = testing::GoldenCases("torch_float_golden.json");
  CHECK(golden.size() == 252);
  std::mt19937 random(5);
  ForEachTarget([&] {
    for (const auto& item : golden) {
      const auto in = item["in"].get<std::vector<int>>(), out = item["out"].get<std::vector<int>>();
      const std::string filter = item["filter"];
      CAPTURE(filter, item["channels"].get<int>(), in, out);
      const Image picture = testing::Pattern(in[0], in[1], item["channels"]);
      GeometryPlan plan = FloatPlan(out[0], out[1], *ParseWord<Filter>("filter", filter));
      if (item.contains("crop")) {
        plan.crop = {item["crop"][0], item["crop"][1], CropRounding::kHalfEven};
      }
      CHECK(testing::Fnv(testing::Run(plan, picture, random).pixels) ==
            item["fnv"].get<std::string>());
    }
  });
}

TEST_CASE("one float resizer takes pictures of many sizes after each other", "[geometry]") {
  const GeometryPlan plan = FloatPlan(31, 17, Filter::kBicubic);
  testing::Keeper keeper;
  FloatResizer resizer(plan, keeper);
  std::mt19937 random(6);
  for (const auto& [width, height, channels] :
       {std::tuple{64, 48, 3}, {20, 90, 1}, {64, 48, 4}, {31, 17, 3}, {300, 9, 3}}) {
    const Image in = testing::Noise(width, height, channels, ElementType::kU8, random);
    REQUIRE(resizer.Begin({width, height, channels, ElementType::kU8}));
    resizer.Rows(in.row(0), in.stride_bytes(), 0, height);
    REQUIRE(keeper.next == 17);
    CHECK(keeper.picture.pixels == testing::Run(plan, in, random).pixels);
  }
}

TEST_CASE("floats are resized from bytes only", "[geometry]") {
  testing::Keeper keeper;
  const GeometryPlan plan = FloatPlan(5, 5, Filter::kBilinear);
  FloatResizer resizer(plan, keeper);
  const auto refused = resizer.Begin({19, 23, 3, ElementType::kU16});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("float weights do not depend on the part that is asked for", "[geometry]") {
  AxisWeightsF32 whole, part;
  for (const Filter filter : {Filter::kNearest, Filter::kBilinear, Filter::kBicubic}) {
    for (const auto& [in, out] : {std::pair{331, 97}, {97, 331}, {64, 64}}) {
      CAPTURE(int(filter), in, out);
      FindFloatWeights(in, out, filter, 0, out, &whole);
      const int begin = out / 3, end = out / 2;
      FindFloatWeights(in, out, filter, begin, end, &part);
      CHECK(part.taps == whole.taps);
      CHECK(std::equal(part.first.begin(), part.first.end(), whole.first.begin() + begin));
      CHECK(std::equal(part.count.begin(), part.count.end(), whole.count.begin() + begin));
      CHECK(std::equal(part.weights.begin(), part.weights.end(),
                       whole.weights.begin() + ptrdiff_t(begin) * whole.taps));
    }
  }
}

}  // namespace imnorm
