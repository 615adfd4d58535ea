// What each processor of Hugging Face does where its config says nothing, row by row.
#include "plan/foreign/hf_processors.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

// What the class attributes of transformers 5.24 say; read there, not from our table.
struct Expected {
  const char* name;
  int short_edge;  // or
  int square;      // or, 0 for both, others
  Filter filter;
  int crop;  // its step; 0: it has none, or it is off
  bool int_is_square;
  std::vector<double> mean;  // empty: do_normalize is off
  bool on_white = false;     // do_convert_rgb is on
};

const std::vector<double> kHalf = {0.5, 0.5, 0.5};
const std::vector<double> kImageNet = {0.485, 0.456, 0.406};
const std::vector<double> kClip = {0.48145466, 0.4578275, 0.40821073};
const std::vector<double> kOne = {1.0, 1.0, 1.0};

const Expected kExpected[] = {
    {"Beit", 0, 224, Filter::kBicubic, 0, true, kHalf},
    {"Bit", 224, 0, Filter::kBicubic, 224, false, kClip, true},
    {"Blip", 0, 384, Filter::kBicubic, 0, true, kClip, true},
    {"BridgeTower", 288, 0, Filter::kBicubic, 288, false, kClip},
    {"CLIP", 224, 0, Filter::kBicubic, 224, false, kClip, true},
    {"Chameleon", 512, 0, Filter::kLanczos, 512, false, kOne, true},
    {"ChineseCLIP", 224, 0, Filter::kBicubic, 224, false, kClip, true},
    {"ConditionalDetr", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"ConvNext", 0, 384, Filter::kBicubic, 0, false, kHalf},  // 384: warped without a crop
    {"DINOv3ViT", 0, 224, Filter::kBilinear, 0, true, kImageNet},
    {"DPT", 0, 384, Filter::kBicubic, 0, true, kHalf},
    {"DeformableDetr", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"DeiT", 0, 256, Filter::kBicubic, 224, true, kHalf},
    {"DepthPro", 0, 1536, Filter::kBilinear, 0, true, kHalf},
    {"Detr", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"Eomt", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"Flava", 0, 224, Filter::kBicubic, 224, true, kClip},
    {"GLPN", 0, 0, Filter::kBilinear, 0, false, {}},
    {"Gemma3", 0, 224, Filter::kBilinear, 0, true, kHalf, true},
    {"GotOcr2", 0, 384, Filter::kBicubic, 0, true, kClip, true},
    {"GroundingDino", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"Levit", 256, 0, Filter::kBicubic, 224, false, kImageNet},  // 224 * 256 / 224
    {"Llava", 224, 0, Filter::kBicubic, 224, false, kClip, true},
    {"Mask2Former", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"MaskFormer", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"MobileNetV1", 256, 0, Filter::kBilinear, 224, false, kHalf},
    {"MobileNetV2", 256, 0, Filter::kBilinear, 224, false, kHalf},
    {"MobileViT", 224, 0, Filter::kBicubic, 256, false, {}},
    {"OneFormer", 0, 0, Filter::kBilinear, 0, false, kImageNet, true},
    {"Ovis2", 0, 384, Filter::kBicubic, 0, true, kClip, true},
    {"OwlViT", 0, 768, Filter::kBicubic, 0, true, kClip, true},
    {"Owlv2", 0, 960, Filter::kBilinear, 0, true, kClip, true},
    {"PPChart2Table", 0, 1024, Filter::kBicubic, 0, true, kClip},
    {"Pixtral", 0, 0, Filter::kBicubic, 0, true, kClip, true},
    {"PoolFormer", 248, 0, Filter::kBicubic, 224, false, kImageNet},  // 224 / 0.9
    {"PromptDepthAnything", 0, 384, Filter::kBicubic, 0, true, kHalf},
    {"Pvt", 0, 224, Filter::kBicubic, 0, true, kImageNet},
    {"RTDetr", 0, 640, Filter::kBilinear, 0, false, {}},
    {"Sam2", 0, 1024, Filter::kBilinear, 0, true, kImageNet, true},
    {"Sam3", 0, 1008, Filter::kBilinear, 0, true, kHalf, true},
    {"Sapiens2", 0, 0, Filter::kBilinear, 0, true, kImageNet},
    {"SegGpt", 0, 448, Filter::kBicubic, 0, true, kImageNet, true},
    {"Segformer", 0, 512, Filter::kBilinear, 0, true, kImageNet},
    {"Siglip", 0, 224, Filter::kBicubic, 0, false, kHalf, true},
    {"SuperPoint", 0, 0, Filter::kBilinear, 0, false, {}},
    {"Swin2SR", 0, 0, Filter::kBilinear, 0, false, {}},
    {"Tipsv2", 0, 448, Filter::kBilinear, 0, true, {}, true},
    {"Tipsv2Dpt", 0, 448, Filter::kBilinear, 0, true, {}, true},
    {"ViT", 0, 224, Filter::kBilinear, 0, true, kHalf},
    {"Cohere2Vision", 0, 0, Filter::kBicubic, 0, true, kClip, true},
    {"GraniteDocling", 0, 0, Filter::kBicubic, 0, true, kClip, true},
    {"PerceptionLM", 0, 0, Filter::kBicubic, 0, true, kHalf, true},
    {"Aria", 0, 0, Filter::kBicubic, 980, false, kHalf, true},
    {"DeepseekVL", 0, 0, Filter::kBicubic, 384, true, kClip},
    {"EfficientNet", 0, 346, Filter::kBicubic, 0, true, kHalf},
    {"Idefics2", 0, 0, Filter::kBilinear, 0, false, kHalf, true},
    {"Idefics3", 0, 0, Filter::kLanczos, 0, false, kHalf, true},
    {"Janus", 0, 0, Filter::kBicubic, 384, true, kClip},
    {"Llama4", 0, 0, Filter::kBilinear, 0, true, kHalf, true},
    {"LlavaOnevision", 0, 0, Filter::kBicubic, 0, false, kClip, true},
    {"Mllama", 0, 0, Filter::kBilinear, 0, true, kHalf, true},
    {"Phi4Multimodal", 0, 0, Filter::kBilinear, 0, true, kHalf, true},
    {"Sam", 0, 0, Filter::kBilinear, 0, false, kImageNet, true},
    {"SmolVLM", 0, 0, Filter::kLanczos, 0, false, kHalf, true},
    {"VideoMAE", 224, 0, Filter::kBilinear, 224, false, kHalf},
    {"Vilt", 384, 0, Filter::kBicubic, 0, false, kHalf},
    {"Yolos", 0, 0, Filter::kBilinear, 0, false, kImageNet},
    {"ZoeDepth", 0, 0, Filter::kBilinear, 0, true, kHalf},
};

std::string Config(const std::string& type, const std::string& fields = "") {
  return R"({"image_processor_type": ")" + type + "\"" + (fields.empty() ? "" : ", ") + fields +
         "}";
}

Plan PlanOf(const std::string& json) {
  const auto plan = PlanFromForeignConfig(json);
  if (!plan) FAIL(json + ": " + plan.error().message);
  return *plan;
}

}  // namespace

TEST_CASE("every processor has its class's own defaults, by every spelling", "[foreign]") {
  const auto patches = std::ranges::count_if(
      HfProcessors(), [](const HfProcessor& processor) { return processor.patches.size > 0; });
  // Donut's and Nougat's crops are no squares, and LlavaNext is refused without its own sizes.
  CHECK(std::size(kExpected) + size_t(patches) + 3 == HfProcessors().size());
  for (const Expected& expected : kExpected) {
    CAPTURE(expected.name);
    for (const char* suffix : {"ImageProcessor", "ImageProcessorFast", "FeatureExtractor"}) {
      CAPTURE(suffix);
      const Plan plan = PlanOf(Config(expected.name + std::string(suffix)));
      const ResizePlan& resize = plan.geometry.resize;
      CHECK(resize.filter == expected.filter);
      if (expected.square > 0) {
        CHECK(resize.kind == ResizeKind::kExact);
        CHECK(resize.width == expected.square);
        CHECK(resize.height == expected.square);
      } else if (expected.short_edge > 0) {
        CHECK(resize.kind == ResizeKind::kShortEdge);
        CHECK(resize.size == expected.short_edge);
      }
      CHECK(plan.geometry.crop.width == expected.crop);
      CHECK(plan.geometry.crop.height == expected.crop);
      CHECK(plan.values.mean == expected.mean);
      CHECK(plan.values.std.size() == expected.mean.size());
      CHECK(plan.values.rescale);
      CHECK((plan.alpha == AlphaPolicy::kComposite) == expected.on_white);
      CHECK(plan.like == Engine::kHfFast);
    }
  }
}

TEST_CASE("a name that ends in Pil is the Pillow backend, where there is one", "[foreign]") {
  int pillow = 0;
  for (const Expected& expected : kExpected) {
    CAPTURE(expected.name);
    const auto plan =
        PlanFromForeignConfig(Config(expected.name + std::string("ImageProcessorPil")));
    if (!plan) {
      const std::string& message = plan.error().message;
      CAPTURE(message);
      CHECK((message.find("no Pillow backend") != std::string::npos ||
             message.find("which is not known here") != std::string::npos));
      continue;
    }
    ++pillow;
    CHECK(plan->like == Engine::kHf);
    CHECK(plan->source.find("Pillow backend") != std::string::npos);
    CHECK(plan->geometry.resize.engine == ResizeEngine::kPillow);
  }
  CHECK(pillow == 54);
  CHECK(PlanOf(Config("CLIPImageProcessor")).source.find("torchvision backend") !=
        std::string::npos);
}

TEST_CASE("a picture of two other sides, or within bounds, is so by default", "[foreign]") {
  const auto resize = [](const std::string& stem, const std::string& fields = "") {
    return PlanOf(Config(stem + "ImageProcessor", fields)).geometry.resize;
  };
  for (const char* stem : {"Detr", "ConditionalDetr", "DeformableDetr", "GroundingDino",
                           "Mask2Former", "MaskFormer", "OneFormer", "Yolos"}) {
    CAPTURE(stem);
    CHECK(resize(stem).kind == ResizeKind::kShortEdgeWithin);
    CHECK(resize(stem).size == 800);
    CHECK(resize(stem).max_size == 1333);
  }
  CHECK(resize("Eomt").size == 640);
  CHECK(resize("Eomt").max_size == 640);
  CHECK(resize("Sapiens2").height == 1024);
  CHECK(resize("Sapiens2").width == 768);
  CHECK(resize("SuperPoint").height == 480);
  CHECK(resize("Detr", R"("size": 600, "max_size": 1000)").max_size == 1000);
  CHECK(resize("Detr", R"("size": {"shortest_edge": 500})").max_size == 0);
}

TEST_CASE("what only other classes know is passed over, as transformers does", "[foreign]") {
  const std::string fields =
      R"("crop_pct": 0.9, "rescale_offset": true, "do_grayscale": true, "my_own_note": [1])";
  CHECK(PlanToJson(PlanOf(Config("ViTImageProcessor", fields))) ==
        PlanToJson(PlanOf(Config("ViTImageProcessor"))));
  const auto refusal = [](const std::string& stem, const std::string& more) {
    const auto plan = PlanFromForeignConfig(Config(stem + "ImageProcessor", more));
    return plan ? std::string() : plan.error().message;
  };
  CHECK(refusal("SuperPoint", R"("do_grayscale": true)").find("do_grayscale") != std::string::npos);
  CHECK(refusal("SuperPoint", R"("do_grayscale": false)").empty());
  CHECK(refusal("Llava", R"("do_pad": true)").find("do_pad") != std::string::npos);
  CHECK(refusal("ViT", R"("do_pad": true)").empty());
  CHECK(refusal("ViT", R"("crop_sise": 1)").find("crop_size") != std::string::npos);
}

TEST_CASE("a bare size is a square where the class makes it one", "[foreign]") {
  for (const Expected& expected : kExpected) {
    const std::string name = expected.name;
    const std::set<std::string> with_rules = {
        "Aria",          "ConvNext",       "Cohere2Vision", "DeepseekVL",
        "GLPN",          "GraniteDocling", "Idefics3",      "Janus",
        "Levit",         "LlavaOnevision", "Llama4",        "Mllama",
        "PerceptionLM",  "Pixtral",        "PoolFormer",    "Sam",
        "SmolVLM",       "Swin2SR",        "ZoeDepth",      "Idefics2",
        "Phi4Multimodal"};
    if (with_rules.contains(name)) continue;  // below
    CAPTURE(name);
    const ResizePlan resize =
        PlanOf(Config(name + "ImageProcessor", R"("size": 320)")).geometry.resize;
    CHECK(resize.kind == (expected.int_is_square ? ResizeKind::kExact : ResizeKind::kShortEdge));
    CHECK((expected.int_is_square ? resize.width : resize.size) == 320);
  }
}

TEST_CASE("a step that is null is the class's own", "[foreign]") {
  for (const char* suffix : {"ImageProcessor", "ImageProcessorPil"}) {
    CAPTURE(suffix);
    const auto plan = [&](const std::string& stem, const std::string& step) {
      return PlanOf(Config(stem + suffix, "\"" + step + "\": null"));
    };
    CHECK(plan("CLIP", "do_resize").geometry.resize.kind != ResizeKind::kNone);
    CHECK(plan("CLIP", "do_center_crop").geometry.crop.width == 224);
    CHECK(plan("CLIP", "do_rescale").values.rescale);
    CHECK(!plan("CLIP", "do_normalize").values.mean.empty());
    CHECK(plan("MobileViT", "do_flip_channel_order").channels == ChannelOrder::kBgr);
    CHECK(plan("ViT", "do_center_crop").geometry.crop.width == 0);
    CHECK(plan("MobileViT", "do_normalize").values.mean.empty());
    CHECK(plan("PoolFormer", "crop_pct").geometry.resize.size == 248);
  }
}

TEST_CASE("PoolFormer and ConvNeXT enlarge by crop_pct", "[foreign]") {
  const auto geometry = [](const std::string& stem, const std::string& fields) {
    return PlanOf(Config(stem + "ImageProcessor", fields)).geometry;
  };
  CHECK(geometry("PoolFormer", R"("crop_pct": 0.5)").resize.size == 448);
  const auto oblong = geometry("PoolFormer", R"("size": {"height": 100, "width": 50})").resize;
  CHECK(oblong.kind == ResizeKind::kExact);
  CHECK(oblong.height == 111);
  CHECK(oblong.width == 55);
  CHECK(geometry("ConvNext", R"("crop_pct": null, "size": {"shortest_edge": 224})").resize.size ==
        256);
  const auto small = geometry("ConvNext", R"("crop_pct": 0.5, "size": {"shortest_edge": 383})");
  CHECK(small.resize.kind == ResizeKind::kShortEdge);
  CHECK(small.resize.size == 766);
  CHECK(small.crop.width == 383);
}

TEST_CASE("LeViT enlarges its short edge, and DPT's sides are multiples", "[foreign]") {
  const auto levit = PlanOf(Config("LevitImageProcessor", R"("size": {"shortest_edge": 100})"));
  CHECK(levit.geometry.resize.size == 114);
  const auto dpt = [](const std::string& fields) {
    return PlanOf(Config("DPTImageProcessor", fields)).geometry.resize;
  };
  CHECK(dpt(R"("ensure_multiple_of": 32)").multiple == 32);
  CHECK(dpt(R"("ensure_multiple_of": 32)").kind == ResizeKind::kExact);
  CHECK(dpt(R"("keep_aspect_ratio": true)").kind == ResizeKind::kNearestScale);
  CHECK(!PlanFromForeignConfig(Config("DPTImageProcessor", R"("size": {"shortest_edge": 9})")));
}

TEST_CASE("sides of a multiple are each class's own", "[foreign]") {
  const auto resize = [](const std::string& stem, const std::string& fields = "") {
    return PlanOf(Config(stem + "ImageProcessor", fields)).geometry.resize;
  };
  CHECK(resize("Yolos").multiple == 16);
  CHECK(resize("Mask2Former").multiple == 32);
  CHECK(resize("MaskFormer", R"("size_divisor": 64)").multiple == 64);
  CHECK(resize("Mask2Former").multiple_rounding == MultipleRounding::kCeil);
  CHECK(resize("Vilt").max_size == 639);
  CHECK(resize("GLPN", R"("size": 10)").kind == ResizeKind::kOwnSize);
  CHECK(resize("GLPN", R"("size_divisor": 8)").multiple == 8);
  CHECK(resize("Pixtral").width == 1024);
  CHECK(resize("Pixtral", R"("size": {"longest_edge": 1540}, "patch_size": 14)").multiple == 14);
  CHECK(PlanOf(Config("BridgeTowerImageProcessor", R"("crop_size": {"shortest_edge": 200})"))
            .geometry.crop.height == 200);
}

TEST_CASE("a longest edge beside the shortest bounds it, in both backends", "[foreign]") {
  const std::string both = R"("size": {"shortest_edge": 80, "longest_edge": 133})";
  CHECK(PlanOf(Config("CLIPImageProcessorPil", both)).geometry.resize.max_size == 133);
  CHECK(PlanOf(Config("CLIPImageProcessor", both)).geometry.resize.max_size == 133);
}

}  // namespace imnorm
