// Reads a timm config: config.json with its pretrained_cfg.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "imnorm/words.h"
#include "plan/foreign/foreign.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;
constexpr double kImageNetMean[] = {0.485, 0.456, 0.406};
constexpr double kImageNetStd[] = {0.229, 0.224, 0.225};

// What resolve_data_config starts from.
struct Fields {
  std::array<int, 3> input_size = {3, 224, 224};  // channels, height, width
  std::array<int, 3> test_input_size = {0, 0, 0};
  std::string interpolation = "bicubic";
  double crop_pct = 0.875;
  double test_crop_pct = 0.0;
  std::string crop_mode = "center";
};

void ReadInputSize(ObjectReader& reader, const std::string& key, std::array<int, 3>& size) {
  if (!reader.Has(key)) return;
  std::vector<double> numbers;
  reader.Numbers(key, numbers, 3);
  if (!reader.ok()) return;
  if (numbers.size() != 3) return reader.FailAt(key, "is not [channels, height, width]");
  for (size_t i = 0; i < 3; ++i) {
    if (!(numbers[i] >= 1 && numbers[i] <= double(kLargestSide)) ||
        numbers[i] != std::floor(numbers[i])) {
      return reader.FailAt(key, fmt::format("{} is no side", numbers[i]));
    }
    size[i] = int(numbers[i]);
  }
  if (size[0] != 1 && size[0] != 3) {
    reader.FailAt(key, fmt::format("{} channels: imnorm delivers 1 or 3", size[0]));
  }
}

void ReadCropPct(ObjectReader& reader, const std::string& key, double& crop_pct) {
  reader.Number(key, crop_pct);
  if (reader.Has(key) && !(crop_pct > 0.0)) {
    reader.FailAt(key, fmt::format("{} is not above 0", crop_pct));
  }
}

// Where the weights come from, what they are called and licensed as, how their head is shaped:
// nothing that touches a pixel.
void IgnoreModelFields(ObjectReader& reader) {
  reader.Ignore({"architecture",
                 "num_classes",
                 "num_features",
                 "global_pool",
                 "model_args",
                 "model_name",
                 "labels",
                 "label_names",
                 "label_descriptions",
                 "label_offset",
                 "url",
                 "file",
                 "hf_hub_id",
                 "hf_hub_filename",
                 "hf_hub",
                 "custom_load",
                 "source",
                 "state_dict",
                 "tag",
                 "first_conv",
                 "classifier",
                 "pool_size",
                 "test_pool_size",
                 "fixed_input_size",
                 "min_input_size",
                 "notes",
                 "license",
                 "origin_url",
                 "paper_ids",
                 "paper_name",
                 "vendor",
                 "library_name",
                 "pretrained_cfg",
                 "transformers_version",
                 "torch_dtype",
                 "model_type"});
}

void ReadFields(ObjectReader& reader, Fields& fields, ValuePlan& values) {
  ReadInputSize(reader, "input_size", fields.input_size);
  ReadInputSize(reader, "test_input_size", fields.test_input_size);
  reader.String("interpolation", fields.interpolation);
  reader.Numbers("mean", values.mean, 3);
  reader.Numbers("std", values.std, 3);
  ReadCropPct(reader, "crop_pct", fields.crop_pct);
  ReadCropPct(reader, "test_crop_pct", fields.test_crop_pct);
  reader.String("crop_mode", fields.crop_mode);
  IgnoreModelFields(reader);
}

// Python's round(255 * v) of the mean, the colour of what border mode adds.
void SetBorderFill(ObjectReader& reader, const ValuePlan& values, uint8_t fill[3]) {
  if (values.mean.size() == 2) return reader.FailAt("mean", "needs one number a channel");
  for (size_t c = 0; c < 3; ++c) {
    const double level = std::nearbyint(255.0 * values.mean[values.mean.size() == 1 ? 0 : c]);
    if (!(level >= 0.0 && level <= 255.0)) {
      return reader.FailAt("mean", "crop_mode border needs means in 0..1 for its fill colour");
    }
    fill[c] = uint8_t(level);
  }
}

void SetGeometry(ObjectReader& reader, const Fields& fields, Plan& plan) {
  ResizePlan& resize = plan.geometry.resize;
  const Result<Filter> filter = ParseWord<Filter>("interpolation", fields.interpolation);
  if (!filter || *filter == Filter::kArea) {
    return reader.FailAt("interpolation", filter ? "timm has no area" : filter.error().message);
  }
  const int height = fields.input_size[1];
  const int width = fields.input_size[2];
  resize.filter = *filter;
  resize.width = ScaledSide(reader, "crop_pct", width, fields.crop_pct);
  resize.height = ScaledSide(reader, "crop_pct", height, fields.crop_pct);
  plan.geometry.crop.width = width;
  plan.geometry.crop.height = height;
  if (fields.crop_mode == "squash") {
    resize.kind = ResizeKind::kExact;
  } else if (fields.crop_mode == "border") {
    resize.kind = ResizeKind::kRatioInside;
    SetBorderFill(reader, plan.values, plan.geometry.fill);
  } else if (fields.crop_mode != "center") {
    reader.FailAt("crop_mode",
                  UnknownWord("crop mode", fields.crop_mode, {"center", "squash", "border"}));
  } else if (resize.width == resize.height) {
    resize.kind = ResizeKind::kShortEdge;
    resize.size = resize.width;
  } else {
    resize.kind = ResizeKind::kRatioOutside;
    resize.filter = Filter::kBilinear;  // timm does not pass its interpolation on here
  }
}

std::string SourceLine(const Json& document, const Fields& fields) {
  std::string source = "timm config.json";
  const auto architecture = document.find("architecture");
  if (architecture != document.end() && architecture->is_string()) {
    source += " of " + architecture->get<std::string>().substr(0, 100);
  }
  if (fields.test_input_size[0] != 0 || fields.test_crop_pct != 0.0) {
    source += "; test_input_size and test_crop_pct are not used (as resolve_data_config)";
  }
  return source;
}

}  // namespace

bool IsTimm(const Json& document) {
  return document.contains("pretrained_cfg") || document.contains("input_size") ||
         document.contains("crop_pct");
}

Result<Plan> PlanFromTimm(const Json& document) {
  Plan plan;
  ApplyEngine(Engine::kTimm, plan);
  Fields fields;
  ObjectReader reader(document, "");
  if (reader.Has("pretrained_cfg")) {
    // Then the top level describes the model, and timm reads no pixel field there.
    reader.Object("pretrained_cfg",
                  [&](ObjectReader& inner) { ReadFields(inner, fields, plan.values); });
    IgnoreModelFields(reader);
  } else {
    ReadFields(reader, fields, plan.values);
  }
  if (fields.input_size[0] == 1) plan.channels = ChannelOrder::kGray;
  // resolve_data_config takes an empty list for none.
  if (plan.values.mean.empty()) plan.values.mean.assign(kImageNetMean, kImageNetMean + 3);
  if (plan.values.std.empty()) plan.values.std.assign(kImageNetStd, kImageNetStd + 3);
  if (reader.ok()) SetGeometry(reader, fields, plan);
  plan.source = SourceLine(document, fields);
  return FinishForeign(reader, std::move(plan));
}

}  // namespace imnorm
