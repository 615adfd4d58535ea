// A misspelt preset is answered with what it can have meant, never with another model.
#include "plan/nearest_preset.h"

#include <catch2/catch.hpp>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

std::vector<std::string> PresetNames() {
  std::vector<std::string> names;
  for (const PresetInfo& preset : ListPresets()) names.push_back(preset.name);
  return names;
}

}  // namespace

TEST_CASE("a slip in a preset's name is answered with that name", "[plan]") {
  const auto names = PresetNames();
  const std::pair<const char*, const char*> slips[] = {
      {"imagnet", "imagenet"},
      {"Clip", "clip"},
      {"cilp", "clip"},
      {"dinov", "dinov2"},
      {"vit_b_16", "vit-b-16"},
      {"efficientnet-b33", "efficientnet-b3"},
      {"efficentnet_b3", "efficientnet-b3"},
      {"ResNet50-v2", "resnet50-v2"},
      {"mobilenet-v", "mobilenet-v2"},
      {"siglpi", "siglip"},
  };
  for (const auto& [wrong, right] : slips) {
    CAPTURE(wrong);
    CHECK(NearestPreset(wrong, names) == right);
  }
}

TEST_CASE("no other model is ever proposed for a preset that is not there", "[plan]") {
  const auto names = PresetNames();
  for (const char* other : {"resnet",
                            "resnet18",
                            "resnet50",
                            "resnet51-v1",
                            "vit_x",
                            "ViT-B-32",
                            "vit-b-8",
                            "vit-m-16",
                            "vit-h-14",
                            "clip-vit-b64",
                            "blip",
                            "dpt",
                            "dit",
                            "pit",
                            "detr",
                            "mvit",
                            "dinov3",
                            "siglip2",
                            "inception-v4",
                            "resnext",
                            "yolo-320",
                            "swin-l",
                            "efficientnet-b8",
                            "tv",
                            "x",
                            "",
                            "cifar20"}) {
    CAPTURE(other);
    CHECK(NearestPreset(other, names).empty());
  }
  CHECK(NearestPreset(std::string(100000, 'c'), names).empty());
}

TEST_CASE("the beginning of presets' names is answered with all of them", "[plan]") {
  const auto refusal = PresetPlan("mobilenet").error().message;
  CHECK(refusal.find("mobilenet-v2, mobilenet-v3") != std::string::npos);
  CHECK(PresetPlan("resnet").error().message.find("resnet50-v2") != std::string::npos);
  CHECK(PresetPlan("resnet").error().message.find("regnet") == std::string::npos);
  CHECK(PresetsBeginning("efficientnet", PresetNames(), 3).size() == 3);
}

}  // namespace imnorm
