// The names of other libraries and of the hub: what they mean, and what is said where they mean
// several things.
#include "plan/known_names.h"

#include <catch2/catch.hpp>

#include "imnorm/words.h"
#include "plan/presets.h"

namespace imnorm {
namespace {

bool Mentions(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

}  // namespace

TEST_CASE("every recipe behind a name is a plan, and every name stands behind one", "[plan]") {
  REQUIRE(EmbeddedNameLists().size() == 3);
  int recipes = 0;
  int names = 0;
  for (std::string_view list : EmbeddedNameLists()) {
    REQUIRE(list.starts_with("# "));
    list.remove_prefix(list.find('\n') + 1);
    REQUIRE(list.starts_with('='));
    while (!list.empty()) {
      const std::string line(list.substr(0, list.find('\n')));
      list.remove_prefix(line.size() + 1);
      CAPTURE(line);
      if (!line.starts_with('=')) {
        ++names;
        REQUIRE(line == line.substr(0, line.find_last_not_of(' ') + 1));
        continue;
      }
      ++recipes;
      const auto plan = PlanFromForeignConfig(line.substr(1));
      if (!plan) FAIL(plan.error().message);
      CHECK(MakeValueTable(plan->values, ChannelCount(*plan), 256).has_value());
    }
  }
  CHECK(recipes > 200);
  CHECK(names > 3000);
}

TEST_CASE("torchvision's weights are found whatever the case, and say where they come from",
          "[plan]") {
  const Plan v2 = PresetPlan("ResNet50_Weights.IMAGENET1K_V2").value();
  CHECK(v2.geometry.resize.size == 232);
  CHECK(v2.like == Engine::kTorchvision);
  CHECK(Mentions(v2.source, "torchvision 0.29"));
  CHECK(v2.preset == "ResNet50_Weights.IMAGENET1K_V2");
  for (const char* name : {"resnet50_weights.imagenet1k_v2", "resnet50-weights.imagenet1k-v2",
                           "torchvision.models.ResNet50_Weights.DEFAULT"}) {
    CAPTURE(name);
    CHECK(PresetPlan(name).value().geometry.resize.size == 232);
  }
  CHECK(PresetPlan("alexnet").value().geometry.resize.size == 256);
  CHECK(PresetPlan("fcn_resnet50").value().geometry.crop.width == 0);
}

TEST_CASE("timm's names have their tag, or timm's default one", "[plan]") {
  const Plan plan = PresetPlan("vit_base_patch16_224.augreg_in21k_ft_in1k").value();
  CHECK(plan.like == Engine::kTimm);
  CHECK(plan.geometry.resize.size == 248);
  CHECK(plan.geometry.crop.width == 224);
  CHECK(plan.values.mean == std::vector<double>{0.5, 0.5, 0.5});
  const Plan bare = PresetPlan("timm/vit_base_patch16_224").value();
  CHECK(Mentions(bare.source, "vit_base_patch16_224.augreg2_in21k_ft_in1k"));
}

TEST_CASE("a checkpoint of the hub is read as transformers reads its config", "[plan]") {
  const Plan plan = LoadPreset("openai/clip-vit-base-patch32").value();
  CHECK(plan.like == Engine::kHfFast);
  CHECK(plan.geometry.resize.size == 224);
  CHECK(plan.preset == "openai/clip-vit-base-patch32");
  CHECK(Mentions(plan.source, "CLIPImageProcessor"));
  CHECK(LoadPreset("OpenAI/CLIP_ViT_base_patch32"));
  const auto missing = LoadPreset("openai/no-such-model");
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
}

TEST_CASE("a name of several meanings lists them", "[plan]") {
  const auto plan = PresetPlan("resnet50");
  REQUIRE(!plan);
  CHECK(plan.error().code == ErrorCode::kNotFound);
  for (const char* word : {"ResNet50_Weights.IMAGENET1K_V1", "256/224 bilinear", "232/224",
                           "ResNet50_Weights.IMAGENET1K_V2", "resnet50.a1_in1k", "timm"}) {
    CAPTURE(plan.error().message, word);
    CHECK(Mentions(plan.error().message, word));
  }
}

TEST_CASE("a preset is found as people spell it, and its line names its engine", "[plan]") {
  CHECK(PresetPlan("CLIP_ViT_B32").value().preset == "clip-vit-b32");
  for (const PresetInfo& preset : ListPresets()) {
    CAPTURE(preset.name);
    const std::string engine = ", like ";
    const size_t at = preset.summary.rfind(engine);
    REQUIRE(at != std::string::npos);
    CHECK(preset.summary.substr(at + engine.size()) ==
          WordOf(PresetPlan(preset.name).value().like));
  }
}

}  // namespace imnorm
