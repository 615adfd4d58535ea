#include <catch2/catch.hpp>
#include <set>

#include "imnorm/plan.h"

namespace imnorm {

TEST_CASE("every built-in preset loads, says where it comes from and survives its own JSON",
          "[plan]") {
  REQUIRE(ListPresets().size() >= 30);
  std::set<std::string> names;
  for (const PresetInfo& preset : ListPresets()) {
    INFO(preset.name);
    CHECK(names.insert(preset.name).second);
    CHECK(!preset.summary.empty());
    CHECK(!preset.source.empty());
    const auto plan = PresetPlan(preset.name);
    if (!plan) FAIL(plan.error().message);
    CHECK(plan->preset == preset.name);
    CHECK(plan->source == preset.source);
    CHECK(MakeValueTable(plan->values, ChannelCount(*plan), 256).has_value());
    const std::string json = PlanToJson(*plan);
    const auto again = PlanFromJson(json);
    if (!again) FAIL(again.error().message);
    CHECK(PlanToJson(*again) == json);
  }
}

TEST_CASE("imagenet is 256/224 bilinear with the ImageNet constants", "[plan]") {
  const Plan plan = PresetPlan("imagenet").value();
  CHECK(plan.like == Engine::kTorchvision);
  CHECK(plan.geometry.resize.kind == ResizeKind::kShortEdge);
  CHECK(plan.geometry.resize.size == 256);
  CHECK(plan.geometry.resize.filter == Filter::kBilinear);
  CHECK(plan.geometry.crop.width == 224);
  CHECK(plan.geometry.crop.height == 224);
  CHECK(plan.values.mean == std::vector<double>{0.485, 0.456, 0.406});
  CHECK(plan.values.std == std::vector<double>{0.229, 0.224, 0.225});
}

TEST_CASE("the preset none has no geometry and divides by 255", "[plan]") {
  const Plan plan = PresetPlan("none").value();
  CHECK(plan.geometry.resize.kind == ResizeKind::kNone);
  CHECK(plan.geometry.crop.width == 0);
  CHECK(plan.values.mean.empty());
  CHECK(plan.values.scale == 255.0);
  CHECK(plan.method == Method::kGiven);
}

TEST_CASE("a misspelt preset gets the nearest name", "[plan]") {
  const auto plan = LoadPreset("imagnet");
  REQUIRE(!plan);
  CHECK(plan.error().code == ErrorCode::kNotFound);
  CHECK(plan.error().message.find("did you mean \"imagenet\"") != std::string::npos);
}

}  // namespace imnorm
