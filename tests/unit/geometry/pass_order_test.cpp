#include "geometry/pass_order.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "plan/words.h"
#include "unit/geometry/resize_run.h"

namespace imnorm {
namespace {

// The pattern and the hash of tests/golden/make_passes_golden.py.
Image Pattern(int width, int height, int channels) {
  Image image;
  image.Reshape(width, height, channels, SampleType::kU8);
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = uint8_t(i * i * 37 + i * 101 + (i >> 5) * 59 + 11);
  }
  return image;
}

std::string Fnv(const std::vector<uint8_t>& bytes) {
  uint64_t value = 0xCBF29CE484222325;
  for (const uint8_t byte : bytes) value = (value ^ byte) * 0x100000001B3;
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace

TEST_CASE("the passes come in Pillow 13's order, or in the older one", "[geometry]") {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/passes_golden.json");
  const auto golden = nlohmann::json::parse(file);
  std::mt19937 random(3);
  int differ = 0;
  for (const auto& item : golden["cases"]) {
    const auto in = item["in"].get<std::vector<int>>(), out = item["out"].get<std::vector<int>>();
    const std::string filter = item["filter"];
    CAPTURE(filter, item["channels"].get<int>(), in, out);
    const Image picture = Pattern(in[0], in[1], item["channels"]);
    GeometryPlan plan = testing::Exact(out[0], out[1], *ParseWord<Filter>("filter", filter));
    for (const int pillow : {12, 13}) {
      CAPTURE(pillow);
      plan.resize.pillow = pillow;
      CHECK(Fnv(testing::Run(plan, picture, random).pixels) == item[std::to_string(pillow)]);
    }
    differ += item["12"] != item["13"];
  }
  CHECK(golden["cases"].size() == 288);
  CHECK(differ == 64);
}

TEST_CASE("only Pillow 13 blends rows first, and only where that is its rule", "[geometry]") {
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
  plan.pillow = 13;
  plan.engine = ResizeEngine::kOpencv;
  CHECK_FALSE(VerticalFirst(plan, 40, 81, 20, 40));
}

}  // namespace imnorm
