// Reads a Hugging Face processor's config: preprocessor_config.json.
#include <fmt/format.h>

#include <algorithm>

#include "imnorm/words.h"
#include "plan/foreign/foreign.h"
#include "plan/foreign/hf_processors.h"
#include "plan/foreign/hf_size.h"

namespace imnorm {
namespace {

constexpr int64_t kLargestSide = int64_t(1) << 24;

// The steps (do_*) that are obeyed, or harmless for the reason given where they are read.
const std::vector<std::string>& KnownSteps() {
  static const auto* steps = new std::vector<std::string>{
      "do_resize",      "do_center_crop",        "do_rescale",      "do_normalize", "do_pad",
      "do_convert_rgb", "do_flip_channel_order", "do_reduce_labels"};
  return *steps;
}

struct ProcessorChoice {
  const HfProcessor* processor = nullptr;
  bool fast = false;
  std::string name;
};

bool TakeSuffix(std::string_view& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  return true;
}

ProcessorChoice FindProcessor(ObjectReader& reader) {
  ProcessorChoice choice;
  std::string legacy;
  reader.String("feature_extractor_type", legacy);
  reader.String("image_processor_type", choice.name);
  const std::string key = choice.name.empty() ? "feature_extractor_type" : "image_processor_type";
  if (choice.name.empty()) choice.name = legacy;
  if (!reader.ok()) return choice;
  if (choice.name.empty()) {
    reader.FailWith(
        "no \"image_processor_type\" (nor \"feature_extractor_type\"): what is not said depends on "
        "it; name the processor, for example \"ViTImageProcessor\"");
    return choice;
  }
  std::string_view stem = choice.name;
  choice.fast = TakeSuffix(stem, "ImageProcessorFast");
  if (!choice.fast && !TakeSuffix(stem, "ImageProcessor")) TakeSuffix(stem, "FeatureExtractor");
  std::vector<std::string> known;
  for (const HfProcessor& processor : HfProcessors()) {
    if (stem.size() < choice.name.size() && processor.name == stem) choice.processor = &processor;
    known.push_back(std::string(processor.name) + "ImageProcessor");
  }
  if (!choice.processor) {
    reader.FailAt(key, fmt::format("unknown processor \"{}\"; known, each also as ...Fast: {}",
                                   choice.name.substr(0, 80), fmt::join(known, ", ")));
  }
  return choice;
}

// A step that is null is off in slow processors (they take the null as given), and the class's
// own default in fast ones.
bool ReadStep(ObjectReader& reader, const Json& document, const char* key, bool otherwise,
              bool fast) {
  const auto found = document.find(key);
  bool step = found != document.end() && found->is_null() && !fast ? false : otherwise;
  reader.Bool(key, step);
  return step;
}

void RefuseUnknownSteps(ObjectReader& reader, const Json& document) {
  for (const auto& field : document.items()) {
    const auto& known = KnownSteps();
    if (!field.key().starts_with("do_")) continue;
    if (std::find(known.begin(), known.end(), field.key()) != known.end()) continue;
    return reader.FailAt(
        field.key().substr(0, 80),
        fmt::format("a step that imnorm does not know; known: {}", fmt::join(known, ", ")));
  }
}

void ReadFilter(ObjectReader& reader, const HfProcessor& processor, bool fast, Filter& filter) {
  constexpr Filter kByPillowNumber[] = {Filter::kNearest, Filter::kLanczos, Filter::kBilinear,
                                        Filter::kBicubic, Filter::kBox,     Filter::kHamming};
  filter = processor.resample;
  if (!reader.Has("resample")) return;
  int number = 0;
  reader.Int("resample", number, 0, 5);
  filter = fast && number == 0 ? Filter::kNearestExact : kByPillowNumber[number];
}

void ReadCrop(ObjectReader& reader, const HfProcessor& processor, bool crops, CropPlan& crop) {
  int height = processor.crop;
  int width = processor.crop;
  const Json* size = reader.Find("crop_size");
  if (size && size->is_object()) {
    height = width = 0;
    reader.Object("crop_size", [&](ObjectReader& inner) {
      inner.Int("height", height, 1, kLargestSide);
      inner.Int("width", width, 1, kLargestSide);
    });
    if (reader.ok() && (!height || !width)) {
      return reader.FailAt("crop_size", "needs height and width");
    }
  } else if (size) {
    reader.Int("crop_size", height, 1, kLargestSide);
    width = height;
  }
  if (!crops) return;
  if (!height) return reader.FailAt("crop_size", "do_center_crop needs it");
  crop.width = width;
  crop.height = height;
}

void SetConstants(HfConstants constants, ValuePlan& values) {
  switch (constants) {
    case HfConstants::kNone:
      break;
    case HfConstants::kHalf:
      values.mean = {0.5, 0.5, 0.5};
      values.std = {0.5, 0.5, 0.5};
      break;
    case HfConstants::kImageNet:
      values.mean = {0.485, 0.456, 0.406};
      values.std = {0.229, 0.224, 0.225};
      break;
    case HfConstants::kClip:
      values.mean = {0.48145466, 0.4578275, 0.40821073};
      values.std = {0.26862954, 0.26130258, 0.27577711};
      break;
  }
}

void ReadValues(ObjectReader& reader, const Json& document, const ProcessorChoice& choice,
                Plan& plan) {
  ValuePlan& values = plan.values;
  const HfConstants constants = choice.processor->constants;
  SetConstants(constants, values);
  reader.Numbers("image_mean", values.mean, 3);
  reader.Numbers("image_std", values.std, 3);
  const bool normalizes =
      ReadStep(reader, document, "do_normalize", constants != HfConstants::kNone, choice.fast);
  if (!normalizes) {
    values.mean.clear();
    values.std.clear();
  } else if (values.mean.empty() || values.std.empty()) {
    reader.FailAt("do_normalize", "needs image_mean and image_std");
  }
  values.rescale = ReadStep(reader, document, "do_rescale", true, choice.fast);
  double factor = 1.0 / 255.0;
  reader.Number("rescale_factor", factor);
  if (!(factor > 0.0)) {
    return reader.FailAt("rescale_factor", fmt::format("{} is not above 0", factor));
  }
  if (values.rescale) {
    values.rescale_factor = factor;
    values.scale = 1.0 / factor;
  } else if (!normalizes) {
    plan.method = Method::kNone;
  }
}

void ReadOtherFields(ObjectReader& reader, const Json& document, const ProcessorChoice& choice,
                     Plan& plan) {
  const bool mobile_vit = choice.processor->name == "MobileViT";
  if (ReadStep(reader, document, "do_flip_channel_order", mobile_vit, choice.fast)) {
    if (!mobile_vit) reader.FailAt("do_flip_channel_order", "only MobileViTImageProcessor has it");
    SetChannels(ChannelOrder::kBgr, plan);
  }
  bool pads = false;
  reader.Bool("do_pad", pads);
  if (pads) reader.FailAt("do_pad", "pads to the largest picture of a batch: only false");
  std::string data_format = "channels_first";
  reader.String("data_format", data_format);
  if (data_format == "channels_last") {
    plan.layout = Layout::kNhwc;
  } else if (data_format != "channels_first") {
    reader.FailAt("data_format",
                  UnknownWord("data format", data_format, {"channels_first", "channels_last"}));
  }
  if (reader.Has("auto_map")) {
    reader.FailAt("auto_map", "the model brings its own code, which may do anything to pixels");
  }
  // Pictures always become RGB here; labels are no pixels; pad_size is for do_pad; the rest says
  // who wrote the file, or how arrays and tensors travel inside transformers.
  reader.Ignore({"do_convert_rgb", "do_reduce_labels", "reduce_labels", "pad_size",
                 "processor_class", "transformers_version", "_commit_hash", "_name_or_path",
                 "_valid_processor_keys", "_processor_class", "model_input_names", "return_tensors",
                 "input_data_format", "device", "disable_grouping"});
}

Result<Plan> ReadProcessor(const Json& document, const std::string& where) {
  ObjectReader reader(document, where);
  Plan plan;
  const ProcessorChoice choice = FindProcessor(reader);
  if (!choice.processor) return FinishForeign(reader, std::move(plan));
  const HfProcessor& processor = *choice.processor;
  ApplyEngine(choice.fast ? Engine::kHfFast : Engine::kHf, plan);
  plan.source = "Hugging Face " + choice.name;
  RefuseUnknownSteps(reader, document);
  ReadHfSize(reader, processor, choice.fast, plan.geometry.resize);
  ReadFilter(reader, processor, choice.fast, plan.geometry.resize.filter);
  const bool crops = ReadStep(reader, document, "do_center_crop", processor.crop != 0, choice.fast);
  const bool resizes = ReadStep(reader, document, "do_resize", true, choice.fast);
  ReadCrop(reader, processor, crops, plan.geometry.crop);
  GeometryPlan sized = plan.geometry;
  if (reader.ok()) ApplyHfSizeRule(reader, document, processor, sized);
  if (resizes) plan.geometry = sized;  // else not even ConvNeXT's crop, which is of its resize
  if (!resizes) plan.geometry.resize.kind = ResizeKind::kNone;
  ReadValues(reader, document, choice, plan);
  ReadOtherFields(reader, document, choice, plan);
  return FinishForeign(reader, std::move(plan));
}

}  // namespace

bool IsHuggingFace(const Json& document) {
  for (const char* key : {"image_processor_type", "feature_extractor_type", "image_processor",
                          "image_mean", "do_resize", "do_normalize", "do_rescale"}) {
    if (document.contains(key)) return true;
  }
  return false;
}

Result<Plan> PlanFromHuggingFace(const Json& document) {
  const auto nested = document.find("image_processor");
  if (nested == document.end()) return ReadProcessor(document, "");
  ObjectReader reader(document, "");
  if (!nested->is_object()) {
    reader.FailAt("image_processor", "is not an object");
  }
  // A processor_config.json: beside the image processor it speaks of text, sound and video.
  reader.Ignore({"image_processor", "processor_class", "tokenizer", "feature_extractor",
                 "video_processor", "chat_template", "image_seq_length", "image_token",
                 "image_token_id", "patch_size", "num_image_tokens", "transformers_version",
                 "num_additional_image_tokens", "vision_feature_select_strategy"});
  if (auto finished = reader.Finish(); !finished) {
    return Failed(finished);
  }
  return ReadProcessor(*nested, "image_processor");
}

}  // namespace imnorm
