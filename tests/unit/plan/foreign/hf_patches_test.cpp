// Processors that make rows of patches: their limits, and the keys that they know.
#include "plan/foreign/hf_patches.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

std::string Config(const std::string& stem, const std::string& fields) {
  return R"({"image_processor_type": ")" + stem + "ImageProcessor\"" +
         (fields.empty() ? "" : ", ") + fields + "}";
}

Plan PlanOf(const std::string& stem, const std::string& fields = "") {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  if (!plan) FAIL(stem + ": " + plan.error().message);
  return *plan;
}

std::string Refusal(const std::string& stem, const std::string& fields) {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  return plan ? "" : plan.error().message;
}

}  // namespace

TEST_CASE("every class of patches has its class's own defaults", "[foreign]") {
  struct Expected {
    const char* stem;
    PatchPlan patches;
    SmartRule rule;
    int64_t least, most;
    double mean;
  };
  const PatchPlan qwen = {.size = 14, .merge = 2, .frames = 2};
  const PatchPlan one_frame = {.size = 14, .merge = 2};
  const double clip = 0.48145466;
  const Expected all[] = {
      {"Qwen2VL", qwen, SmartRule::kQwen, 56 * 56, 28 * 28 * 1280, clip},
      {"CohereCompass", qwen, SmartRule::kQwen, 56 * 56, 28 * 28 * 1280, clip},
      {"MiniMaxM3VL", qwen, SmartRule::kQwen, 4 * 28 * 28, 451584, clip},
      {"GlmImage", qwen, SmartRule::kGlmImage, 56 * 56, 28 * 28 * 1280, clip},
      {"Glm4v", qwen, SmartRule::kGlm, 112 * 112, 28 * 28 * 15000, clip},
      {"Glm46V", qwen, SmartRule::kGlm, 112 * 112, 28 * 28 * 15000, clip},
      {"Glmga", qwen, SmartRule::kGlm, 112 * 112, 28 * 28 * 15000, clip},
      {"Ernie4_5_VLMoe", one_frame, SmartRule::kQwen, 56 * 56, 28 * 28 * 6177, clip},
      {"VideoLlama3", {.size = 14, .tells_merge = true}, SmartRule::kQwen, 56 * 56, 1003520, 0.5},
      {"PaddleOCRVL", {.size = 14, .flat = false}, SmartRule::kLift, 384 * 384, 1536 * 1536, clip},
      {"HunYuanVL", {.size = 16}, SmartRule::kQwen, 512 * 512, 2048 * 2048, clip},
      {"HYV4VL", {.size = 16}, SmartRule::kQwen, 512 * 512, 2048 * 2048, clip},
      {"Cosmos3Edge",
       {.size = 16, .merge = 2, .elements = PatchElements::kChannelsLast},
       SmartRule::kGlm,
       256 * 256,
       4096 * 4096,
       0.5},
  };
  for (const Expected& expected : all) {
    CAPTURE(expected.stem);
    const Plan plan = PlanOf(expected.stem);
    const ResizePlan& resize = plan.geometry.resize;
    CHECK(plan.patches == expected.patches);
    CHECK(resize.kind == ResizeKind::kSmart);
    CHECK(resize.smart == expected.rule);
    CHECK(resize.multiple == 2 * plan.patches.size - (plan.patches.tells_merge ? 14 : 0));
    CHECK(resize.min_pixels == expected.least);
    CHECK(resize.max_pixels == expected.most);
    CHECK(resize.filter == Filter::kBicubic);
    CHECK(plan.values.mean.front() == expected.mean);
    CHECK(plan.alpha == AlphaPolicy::kComposite);
    const auto again = PlanFromJson(PlanToJson(plan));
    REQUIRE(again);
    CHECK(PlanToJson(*again) == PlanToJson(plan));
    CHECK(again->patches == plan.patches);
  }
}

TEST_CASE("limits above size go before those in it, where the class knows them", "[foreign]") {
  const auto resize = [](const std::string& stem, const std::string& fields) {
    return PlanOf(stem, fields).geometry.resize;
  };
  const std::string size = R"("size": {"shortest_edge": 65536, "longest_edge": 16777216})";
  CHECK(resize("Qwen2VL", size).max_pixels == 16777216);
  CHECK(resize("Qwen2VL", size + R"(, "max_pixels": 200000)").max_pixels == 200000);
  CHECK(resize("Qwen2VL", size + R"(, "max_pixels": 200000)").min_pixels == 65536);
  CHECK(resize("Qwen2VL", R"("min_pixels": 9000)").max_pixels == 1003520);
  CHECK(resize("Glm4v", R"("min_pixels": 9000)").min_pixels == 12544);
  const std::string old = R"("size": {"min_pixels": 100, "max_pixels": 900000})";
  CHECK(Refusal("Qwen2VL", old).find("shortest_edge and longest_edge") != std::string::npos);
  CHECK(resize("Qwen2VL", old + R"(, "min_pixels": 3136, "max_pixels": 900000)").max_pixels ==
        900000);
}

TEST_CASE("patches follow their keys, and a crop is nobody's", "[foreign]") {
  const Plan plan = PlanOf("Qwen2VL", R"("patch_size": 16, "merge_size": 4, "do_center_crop": true,
                                         "crop_size": 10, "temporal_patch_size": 1)");
  CHECK(plan.patches == PatchPlan{.size = 16, .merge = 4});
  CHECK(plan.geometry.resize.multiple == 64);
  CHECK(plan.geometry.crop.width == 0);
  CHECK(PlanOf("Glmga", R"("patch_expand_factor": 2)").geometry.resize.multiple == 56);
  CHECK(PlanOf("HunYuanVL", R"("resample": 1)").geometry.resize.filter == Filter::kBicubic);
  CHECK(PlanOf("Qwen2VL", R"("resample": 1)").geometry.resize.filter == Filter::kLanczos);
  CHECK(PlanOf("Cosmos3Edge", R"("temporal_patch_size": 2)").geometry.resize.frames == 2);
  CHECK(PlanOf("Qwen2VL", R"("do_resize": false)").geometry.resize.kind == ResizeKind::kNone);
  CHECK(!Refusal("Qwen2VL", R"("patch_size": 4096, "merge_size": 2)").empty());
}

}  // namespace imnorm
