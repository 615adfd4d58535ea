#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

std::string ConfigText(const std::string& name) {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/parity/configs/" + name + ".json");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Plan PlanOf(const std::string& json) {
  const auto plan = PlanFromForeignConfig(json);
  if (!plan) FAIL(plan.error().message);
  return *plan;
}

// Why a config is refused; empty if it is not.
std::string Refusal(const std::string& json) {
  const auto plan = PlanFromForeignConfig(json);
  if (plan) return "";
  CHECK(plan.error().code == ErrorCode::kBadConfig);
  return plan.error().message;
}

bool Mentions(const std::string& text, const std::string& word) {
  return text.find(word) != std::string::npos;
}

std::string Hf(const std::string& fields) {
  return R"({"image_processor_type": "ViTImageProcessor", )" + fields + "}";
}

}  // namespace

TEST_CASE("CLIP's config is a short edge, a crop and fused arithmetic", "[foreign]") {
  const Plan plan = PlanOf(ConfigText("clip"));
  CHECK(plan.like == Engine::kHfFast);
  CHECK(plan.geometry.resize.kind == ResizeKind::kShortEdge);
  CHECK(plan.geometry.resize.size == 224);
  CHECK(plan.geometry.resize.filter == Filter::kBicubic);
  CHECK(plan.geometry.crop.width == 224);
  CHECK(plan.geometry.crop.rounding == CropRounding::kTruncate);
  CHECK(plan.values.arithmetic == Arithmetic::kFused);
  CHECK(plan.values.mean[0] == 0.48145466);
  CHECK(plan.values.scale == 255.0);
}

TEST_CASE("a bare int is a short edge for CLIP and a square for ViT", "[foreign]") {
  CHECK(PlanOf(ConfigText("clip_legacy")).geometry.resize.kind == ResizeKind::kShortEdge);
  const Plan vit = PlanOf(Hf(R"("size": 384)"));
  CHECK(vit.geometry.resize.kind == ResizeKind::kExact);
  CHECK(vit.geometry.resize.width == 384);
  CHECK(vit.geometry.resize.height == 384);
  CHECK(vit.geometry.resize.filter == Filter::kBilinear);
  CHECK(vit.values.mean == std::vector<double>{0.5, 0.5, 0.5});
}

TEST_CASE("a Fast processor has fused arithmetic and torchvision's crop", "[foreign]") {
  const Plan plan = PlanOf(ConfigText("clip_fast"));
  CHECK(plan.like == Engine::kHfFast);
  CHECK(plan.values.arithmetic == Arithmetic::kFused);
  CHECK(plan.geometry.crop.rounding == CropRounding::kTruncate);
}

TEST_CASE("ConvNeXT crops by crop_pct below 384 and warps from there on", "[foreign]") {
  const Plan small = PlanOf(ConfigText("convnext_224"));
  CHECK(small.geometry.resize.kind == ResizeKind::kShortEdge);
  CHECK(small.geometry.resize.size == 256);
  CHECK(small.geometry.crop.width == 224);
  const Plan large = PlanOf(ConfigText("convnext_384"));
  CHECK(large.geometry.resize.kind == ResizeKind::kExact);
  CHECK(large.geometry.resize.width == 384);
  CHECK(large.geometry.crop.width == 0);
}

TEST_CASE("a processor_config.json is read under image_processor", "[foreign]") {
  const Plan plan = PlanOf(ConfigText("nested_siglip"));
  CHECK(plan.geometry.resize.height == 96);
  CHECK(plan.geometry.resize.width == 128);
}

TEST_CASE("every size form of Hugging Face has its resize", "[foreign]") {
  const auto resize = [](const std::string& size) {
    return PlanOf(R"({"image_processor_type": "CLIPImageProcessorFast", "size": )" + size + "}")
        .geometry.resize;
  };
  CHECK(resize(R"({"longest_edge": 640})").kind == ResizeKind::kLongEdge);
  CHECK(resize(R"({"max_height": 30, "max_width": 40})").kind == ResizeKind::kFitInside);
  CHECK(resize(R"({"max_height": 30, "max_width": 40})").width == 40);
  const ResizePlan both = resize(R"({"shortest_edge": 800, "longest_edge": 1333})");
  CHECK(both.kind == ResizeKind::kShortEdgeWithin);
  CHECK(both.max_size == 1333);
  CHECK(resize("[30, 40]").height == 30);
}

TEST_CASE("steps that are off leave nothing behind", "[foreign]") {
  const Plan plan = PlanOf(Hf(R"("do_resize": false, "do_rescale": false, "do_normalize": false)"));
  CHECK(plan.geometry.resize.kind == ResizeKind::kNone);
  CHECK(plan.method == Method::kNone);
  CHECK(!plan.values.rescale);
  CHECK(plan.values.mean.empty());
}

TEST_CASE("MobileViT flips the channels and does not normalise", "[foreign]") {
  const Plan plan = PlanOf(R"({"image_processor_type": "MobileViTImageProcessor"})");
  CHECK(plan.channels == ChannelOrder::kBgr);
  CHECK(plan.values.mean.empty());
  CHECK(plan.values.rescale);
}

TEST_CASE("an unknown processor is refused with the known ones", "[foreign]") {
  const std::string refusal = Refusal(R"({"image_processor_type": "NoSuchImageProcessor"})");
  CHECK(Mentions(refusal, "NoSuchImageProcessor"));
  CHECK(Mentions(refusal, "CLIPImageProcessor"));
  CHECK(Mentions(refusal, "SiglipImageProcessor"));
  CHECK(Mentions(Refusal(R"({"image_mean": [0.5]})"), "image_processor_type"));
}

TEST_CASE("an unknown step or field is refused by name", "[foreign]") {
  const std::string step = Refusal(Hf(R"("do_zero_centering": true)"));
  CHECK(Mentions(step, "do_zero_centering"));
  CHECK(Mentions(step, "do_center_crop"));
  CHECK(Mentions(Refusal(Hf(R"("pad_size": {"height": 9, "width": 9})")), "pad_size"));
  CHECK(Mentions(Refusal(Hf(R"("image_maen": [1])")), "did you mean \"image_mean\""));
  CHECK(Mentions(Refusal(R"({"pretrained_cfg": {"crop_padding": 32}})"), "crop_padding"));
  CHECK(Mentions(Refusal(R"({"preprocess_cfg": {"sharpen": 1}})"), "preprocess_cfg.sharpen"));
}

TEST_CASE("numbers that make no picture are refused by name", "[foreign]") {
  const std::string convnext = R"({"image_processor_type": "ConvNextImageProcessor", )";
  CHECK(Mentions(Refusal(convnext + R"("crop_pct": 0})"), "crop_pct"));
  CHECK(Mentions(Refusal(convnext + R"("size": {"shortest_edge": 224}, "crop_pct": 1e-300})"),
                 "crop_pct"));
  CHECK(Mentions(Refusal(Hf(R"("image_std": [0.5, 0, 0.5])")), "std 0"));
  CHECK(Mentions(Refusal(Hf(R"("image_std": [0.5, 0.5])")), "2 values for 3 channels"));
  CHECK(Mentions(Refusal(Hf(R"("size": 0)")), "size"));
  CHECK(Mentions(Refusal(Hf(R"("size": -224)")), "size"));
  CHECK(Mentions(Refusal(Hf(R"("size": 16777216)")), "resize"));
  CHECK(Mentions(Refusal(Hf(R"("size": 99999999999999999999)")), "size"));
  CHECK(Mentions(Refusal(Hf(R"("size": "224")")), "size"));
  CHECK(Mentions(Refusal(Hf(R"("size": {"height": 224})")), "width"));
  CHECK(Mentions(Refusal(Hf(R"("resample": 6)")), "resample"));
  CHECK(Mentions(Refusal(Hf(R"("rescale_factor": 0)")), "rescale_factor"));
  CHECK(Mentions(Refusal(R"({"input_size": [3, 224, 224], "crop_pct": 0})"), "crop_pct"));
  CHECK(Mentions(Refusal(R"({"input_size": [3, 224, 224], "std": [1, 1, 0]})"), "std 0"));
  CHECK(Mentions(Refusal(R"({"input_size": [4, 224, 224]})"), "input_size"));
  CHECK(Mentions(Refusal(R"({"crop_pct": 1, "crop_mode": "border", "mean": [0.5, 0.5]})"), "mean"));
}

TEST_CASE("timm's crop modes each have their resize", "[foreign]") {
  const Plan center = PlanOf(ConfigText("timm_resnet50"));
  CHECK(center.like == Engine::kTimm);
  CHECK(center.geometry.resize.kind == ResizeKind::kShortEdge);
  CHECK(center.geometry.resize.size == 235);  // floor(224 / 0.95)
  CHECK(Mentions(center.source, "test_input_size"));
  const Plan squash = PlanOf(ConfigText("timm_squash"));
  CHECK(squash.geometry.resize.kind == ResizeKind::kExact);
  CHECK(squash.geometry.resize.width == 248);
  const Plan border = PlanOf(ConfigText("timm_border"));
  CHECK(border.geometry.resize.kind == ResizeKind::kRatioInside);
  CHECK(int(border.geometry.fill[0]) == 123);
  CHECK(int(border.geometry.fill[1]) == 117);
  CHECK(int(border.geometry.fill[2]) == 104);
  const Plan oblong = PlanOf(ConfigText("timm_oblong"));
  CHECK(oblong.geometry.resize.kind == ResizeKind::kRatioOutside);
  CHECK(oblong.geometry.resize.filter == Filter::kBilinear);
  CHECK(oblong.geometry.resize.width == 284);
  CHECK(oblong.geometry.resize.height == 213);
}

TEST_CASE("open_clip's resize modes each have their resize", "[foreign]") {
  CHECK(PlanOf(ConfigText("open_clip_shortest")).geometry.resize.kind == ResizeKind::kShortEdge);
  const Plan longest = PlanOf(ConfigText("open_clip_longest"));
  CHECK(longest.geometry.resize.kind == ResizeKind::kRatioInside);
  CHECK(longest.geometry.crop.width == 240);
  CHECK(int(longest.geometry.fill[0]) == 127);
  CHECK(PlanOf(ConfigText("open_clip_squash")).geometry.resize.kind == ResizeKind::kExact);
}

TEST_CASE("a manifest gives back the plan it was made with", "[foreign]") {
  const std::string plan = PlanToJson(PresetPlan("clip").value());
  const std::string manifest = R"({"schema": "imnorm.manifest/1", "plan": )" + plan + "}";
  CHECK(PlanToJson(PlanOf(manifest)) == plan);
}

TEST_CASE("hostile JSON is an error, never an exception", "[foreign]") {
  CHECK(Mentions(Refusal(""), "not JSON"));
  CHECK(Mentions(Refusal("[1]"), "not an object"));
  CHECK(Mentions(Refusal("{\"size\": 1e999}"), "not JSON"));
  CHECK(Mentions(Refusal("{\"\xff\": 1}"), "not JSON"));
  CHECK(Mentions(Refusal(std::string(1000000, '[')), "nested deeper"));
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  CHECK(Mentions(Refusal(objects), "nested deeper"));
  CHECK(Mentions(Refusal(Hf(R"("size": 224, "size": 256)")), "\"size\" is given twice"));
  CHECK(Mentions(Refusal(R"({"model_type": "vit", "architectures": []})"),
                 "preprocessor_config.json"));
  CHECK(Mentions(Refusal(R"({"schema": 7})"), "schema"));
  CHECK(Mentions(Refusal(R"({"image_processor": []})"), "image_processor"));
}

TEST_CASE("a config file is found by path and named in its errors", "[foreign]") {
  const std::string path = IMNORM_SOURCE_DIR "/tests/parity/configs/vit.json";
  CHECK(LoadPreset(path).value().preset == path);
  const auto missing = LoadPreset("/no/such/preprocessor_config.json");
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::kNotFound);
  CHECK(Mentions(missing.error().message, "/no/such/preprocessor_config.json"));
  CHECK(!LoadPreset("/dev/null"));
}

}  // namespace imnorm
