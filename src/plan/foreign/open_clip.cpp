// Reads an OpenCLIP config: open_clip_config.json.
#include <fmt/format.h>

#include <array>

#include "imnorm/words.h"
#include "plan/foreign/foreign.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;

// What PreprocessCfg starts from.
struct Fields {
  std::array<int, 2> size = {224, 224};  // height, width
  std::string mode = "RGB";
  std::string interpolation = "bicubic";
  std::string resize_mode = "shortest";
  uint8_t fill[3] = {0, 0, 0};
};

// One side, or [height, width].
void ReadSize(ObjectReader& reader, const std::string& key, std::array<int, 2>& size) {
  const Json* value = reader.Find(key);
  if (!value) return;
  if (!value->is_array()) {
    reader.Int(key, size[0], 1, kLargestSide);
    size[1] = size[0];
    return;
  }
  std::vector<double> sides;
  reader.Numbers(key, sides, 2);
  if (!reader.ok()) return;
  for (const double side : sides) {
    if (!(side >= 1 && side <= double(kLargestSide)) || side != double(int(side))) {
      return reader.FailAt(key, fmt::format("{} is no side", side));
    }
  }
  if (sides.empty()) return reader.FailAt(key, "an empty list is no size");
  size = {int(sides.front()), int(sides.back())};
}

void ReadPreprocessing(ObjectReader& reader, Fields& fields, ValuePlan& values) {
  ReadSize(reader, "size", fields.size);
  reader.String("mode", fields.mode);
  reader.Numbers("mean", values.mean, 3);
  reader.Numbers("std", values.std, 3);
  reader.String("interpolation", fields.interpolation);
  reader.String("resize_mode", fields.resize_mode);
  reader.Colour("fill_color", fields.fill);
  if (fields.mode != "RGB") reader.FailAt("mode", "open_clip itself knows only RGB");
}

// The towers' architecture does not touch pixels, but for the size that the picture must have.
void ReadModelSize(const Json& document, ObjectReader& reader, std::array<int, 2>& size) {
  const auto model = document.find("model_cfg");
  if (model == document.end() || !model->is_object()) return;
  const auto vision = model->find("vision_cfg");
  if (vision == model->end() || !vision->is_object()) return;
  ObjectReader inner(*vision, "model_cfg.vision_cfg");
  ReadSize(inner, "image_size", size);
  // Only this one field is asked for; the others are the model's.
  if (!inner.ok()) reader.FailAt("model_cfg.vision_cfg.image_size", "is no size");
}

void SetGeometry(ObjectReader& reader, const Fields& fields, GeometryPlan& geometry) {
  const auto [height, width] = fields.size;
  ResizePlan& resize = geometry.resize;
  resize.width = width;
  resize.height = height;
  if (fields.interpolation == "bilinear") {
    resize.filter = Filter::kBilinear;
  } else if (fields.interpolation == "bicubic" || fields.interpolation == "random") {
    resize.filter = Filter::kBicubic;  // random is for training, and bicubic elsewhere
  } else {
    return reader.FailAt(
        "preprocess_cfg.interpolation",
        UnknownWord("interpolation", fields.interpolation, {"bicubic", "bilinear", "random"}));
  }
  if (fields.resize_mode == "squash") {
    resize.kind = ResizeKind::kExact;
    return;
  }
  geometry.crop.width = width;
  geometry.crop.height = height;
  if (fields.resize_mode == "longest") {
    resize.kind = ResizeKind::kRatioInside;
    std::copy(fields.fill, fields.fill + 3, geometry.fill);
  } else if (fields.resize_mode != "shortest") {
    reader.FailAt("preprocess_cfg.resize_mode", UnknownWord("resize mode", fields.resize_mode,
                                                            {"shortest", "longest", "squash"}));
  } else if (width == height) {
    resize.kind = ResizeKind::kShortEdge;
    resize.size = width;
  } else {
    resize.kind = ResizeKind::kRatioOutside;
    resize.filter = Filter::kBicubic;  // open_clip does not pass its interpolation on here
  }
}

}  // namespace

bool IsOpenClip(const Json& document) {
  return document.contains("preprocess_cfg") || document.contains("model_cfg");
}

Result<Plan> PlanFromOpenClip(const Json& document) {
  Plan plan;
  plan.source = "open_clip_config.json";
  ApplyEngine(Engine::kTorchvision, plan);
  plan.values.mean = {0.48145466, 0.4578275, 0.40821073};
  plan.values.std = {0.26862954, 0.26130258, 0.27577711};
  Fields fields;
  ObjectReader reader(document, "");
  reader.Object("preprocess_cfg",
                [&](ObjectReader& inner) { ReadPreprocessing(inner, fields, plan.values); });
  reader.Ignore({"model_cfg"});  // its one field that matters is read next
  ReadModelSize(document, reader, fields.size);
  SetGeometry(reader, fields, plan.geometry);
  return FinishForeign(reader, std::move(plan));
}

}  // namespace imnorm
