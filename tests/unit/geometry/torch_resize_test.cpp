#include <catch2/catch.hpp>

#include "imnorm/words.h"
#include "support/each_target.h"
#include "unit/geometry/golden_picture.h"
#include "unit/geometry/resize_run.h"

namespace imnorm {
namespace {

GeometryPlan TorchPlan(int width, int height, Filter filter) {
  GeometryPlan plan = testing::Exact(width, height, filter);
  plan.resize.engine = ResizeEngine::kTorch;
  return plan;
}

}  // namespace

TEST_CASE("torch's resize is torch's, byte for byte, on every target", "[geometry]") {
  const auto golden = testing::GoldenCases("torch_golden.json");
  CHECK(golden.size() == 315);
  std::mt19937 random(5);
  ForEachTarget([&] {
    for (const auto& item : golden) {
      const auto in = item["in"].get<std::vector<int>>(), out = item["out"].get<std::vector<int>>();
      const std::string filter = item["filter"];
      CAPTURE(filter, item["channels"].get<int>(), in, out);
      const Image picture = testing::Pattern(in[0], in[1], item["channels"]);
      GeometryPlan plan = TorchPlan(out[0], out[1], *ParseWord<Filter>("filter", filter));
      if (item.contains("crop")) {
        plan.crop = {item["crop"][0], item["crop"][1], CropRounding::kHalfEven};
      }
      CHECK(testing::Fnv(testing::Run(plan, picture, random).pixels) ==
            item["fnv"].get<std::string>());
    }
  });
}

TEST_CASE("torch's weights have one precision an axis, whatever part is asked for", "[geometry]") {
  AxisWeightsF64 exact;
  AxisWeights whole, part;
  for (const Filter filter : {Filter::kBilinear, Filter::kBicubic, Filter::kLanczos}) {
    for (const auto& [in, out] : {std::pair{331, 97}, {97, 331}, {4000, 30}, {64, 64}}) {
      CAPTURE(int(filter), in, out);
      FindTorchWeights(in, out, filter, 0, out, &exact, &whole);
      const int largest = *std::max_element(whole.weights.begin(), whole.weights.end());
      CHECK(largest < 1 << 15);
      CHECK((largest >= 1 << 14 || whole.precision == 22));
      const int begin = out / 3, end = out / 2;
      FindTorchWeights(in, out, filter, begin, end, &exact, &part);
      REQUIRE(part.size() == end - begin);
      CHECK(part.precision == whole.precision);
      for (int i = begin; i < end; ++i) {
        const auto row = [](const AxisWeights& axis, int at) {
          const auto from = axis.weights.begin() + ptrdiff_t(at) * axis.taps;
          return std::vector<int32_t>(from, from + axis.taps);
        };
        REQUIRE(row(part, i - begin) == row(whole, i));
        REQUIRE(part.first[size_t(i - begin)] == whole.first[size_t(i)]);
        REQUIRE(part.count[size_t(i - begin)] == whole.count[size_t(i)]);
      }
    }
  }
  FindTorchWeights(10, 20, Filter::kBilinear, 0, 20, &exact, &whole);
  CHECK(whole.precision == 14);  // a weight of 1 is there
}

TEST_CASE("torch resizes bytes only", "[geometry]") {
  testing::Keeper keeper;
  const GeometryPlan plan = TorchPlan(5, 5, Filter::kBilinear);
  Resizer resizer(plan, keeper);
  const auto refused = resizer.Begin({19, 23, 3, ElementType::kU16});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kUnsupported);
  const GeometryPlan kept = TorchPlan(19, 23, Filter::kBilinear);
  Resizer passing(kept, keeper);
  CHECK(passing.Begin({19, 23, 3, ElementType::kU16}));
}

}  // namespace imnorm
