// What each processor of Hugging Face does where its config says nothing, row by row.
#include "plan/foreign/hf_processors.h"

#include <catch2/catch.hpp>
#include <set>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

// What the class's __init__ says, in transformers 4.49; read there, not from our table.
struct Expected {
  const char* name;
  int short_edge;  // or
  int square;
  Filter filter;
  int crop;  // its step; 0: it has none
  bool int_is_square;
  std::vector<double> mean;  // empty: do_normalize is off
};

const std::vector<double> kHalf = {0.5, 0.5, 0.5};
const std::vector<double> kImageNet = {0.485, 0.456, 0.406};
const std::vector<double> kClip = {0.48145466, 0.4578275, 0.40821073};

const Expected kExpected[] = {
    {"Beit", 0, 256, Filter::kBicubic, 224, true, kHalf},
    {"Bit", 224, 0, Filter::kBicubic, 224, false, kClip},
    {"Blip", 0, 384, Filter::kBicubic, 0, true, kClip},
    {"CLIP", 224, 0, Filter::kBicubic, 224, false, kClip},
    {"ChineseCLIP", 224, 0, Filter::kBicubic, 224, false, kClip},
    {"ConvNext", 0, 384, Filter::kBilinear, 0, false, kHalf},  // 384: warped without a crop
    {"DPT", 0, 384, Filter::kBicubic, 0, true, kHalf},
    {"DeiT", 0, 256, Filter::kBicubic, 224, true, kHalf},
    {"Levit", 256, 0, Filter::kBicubic, 224, false, kImageNet},  // 224 * 256 / 224
    {"MobileNetV1", 256, 0, Filter::kBilinear, 224, false, kHalf},
    {"MobileNetV2", 256, 0, Filter::kBilinear, 224, false, kHalf},
    {"MobileViT", 224, 0, Filter::kBilinear, 256, false, {}},
    {"PoolFormer", 248, 0, Filter::kBicubic, 224, false, kImageNet},  // 224 / 0.9
    {"Pvt", 0, 224, Filter::kBilinear, 0, true, kImageNet},
    {"Segformer", 0, 512, Filter::kBilinear, 0, true, kImageNet},
    {"Siglip", 0, 224, Filter::kBicubic, 0, false, kHalf},
    {"ViT", 0, 224, Filter::kBilinear, 0, true, kHalf},
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

TEST_CASE("every processor has its class's own defaults, slow and fast", "[foreign]") {
  CHECK(std::size(kExpected) == HfProcessors().size());
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
      } else {
        CHECK(resize.kind == ResizeKind::kShortEdge);
        CHECK(resize.size == expected.short_edge);
      }
      CHECK(plan.geometry.crop.width == expected.crop);
      CHECK(plan.geometry.crop.height == expected.crop);
      CHECK(plan.values.mean == expected.mean);
      CHECK(plan.values.std.size() == expected.mean.size());
      CHECK(plan.values.rescale);
      CHECK(plan.like ==
            (std::string(suffix) == "ImageProcessorFast" ? Engine::kHfFast : Engine::kHf));
    }
  }
}

TEST_CASE("a bare size is a square where the class makes it one", "[foreign]") {
  for (const Expected& expected : kExpected) {
    const std::string name = expected.name;
    if (name == "ConvNext" || name == "Levit" || name == "PoolFormer") continue;  // rules below
    CAPTURE(name);
    const ResizePlan resize =
        PlanOf(Config(name + "ImageProcessor", R"("size": 320)")).geometry.resize;
    CHECK(resize.kind == (expected.int_is_square ? ResizeKind::kExact : ResizeKind::kShortEdge));
    CHECK((expected.int_is_square ? resize.width : resize.size) == 320);
  }
}

TEST_CASE("a step that is null is off when slow and the class's own when fast", "[foreign]") {
  for (const bool fast : {false, true}) {
    CAPTURE(fast);
    const auto plan = [&](const std::string& stem, const std::string& step) {
      return PlanOf(Config(stem + (fast ? "ImageProcessorFast" : "ImageProcessor"),
                           "\"" + step + "\": null"));
    };
    CHECK((plan("CLIP", "do_resize").geometry.resize.kind != ResizeKind::kNone) == fast);
    CHECK((plan("CLIP", "do_center_crop").geometry.crop.width == 224) == fast);
    CHECK(plan("CLIP", "do_rescale").values.rescale == fast);
    CHECK(!plan("CLIP", "do_normalize").values.mean.empty() == fast);
    CHECK((plan("MobileViT", "do_flip_channel_order").channels == ChannelOrder::kBgr) == fast);
    // Where the class has no such step, null asks for none.
    CHECK(plan("ViT", "do_center_crop").geometry.crop.width == 0);
    CHECK(plan("MobileViT", "do_normalize").values.mean.empty());
  }
}

TEST_CASE("PoolFormer and ConvNeXT enlarge by crop_pct, each with its own null", "[foreign]") {
  const auto geometry = [](const std::string& stem, const std::string& fields) {
    return PlanOf(Config(stem + "ImageProcessor", fields)).geometry;
  };
  CHECK(geometry("PoolFormer", R"("crop_pct": null)").resize.size == 224);
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
  CHECK(PlanFromForeignConfig(Config("DPTImageProcessor", R"("ensure_multiple_of": 32)")));
  CHECK(!PlanFromForeignConfig(Config("DPTImageProcessor", R"("ensure_multiple_of": 100)")));
  CHECK(!PlanFromForeignConfig(Config("DPTImageProcessor", R"("keep_aspect_ratio": true)")));
}

TEST_CASE("a longest edge beside the shortest is for fast processors only", "[foreign]") {
  const std::string both = R"("size": {"shortest_edge": 80, "longest_edge": 133})";
  CHECK(!PlanFromForeignConfig(Config("CLIPImageProcessor", both)));
  CHECK(PlanOf(Config("CLIPImageProcessorFast", both)).geometry.resize.max_size == 133);
}

}  // namespace imnorm
