// Reads a Hugging Face processor's config: preprocessor_config.json.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "imnorm/words.h"
#include "plan/foreign/foreign.h"
#include "plan/foreign/hf_keys.h"
#include "plan/foreign/hf_patches.h"
#include "plan/foreign/hf_processors.h"
#include "plan/foreign/hf_refused.h"
#include "plan/foreign/hf_size.h"
#include "plan/foreign/hf_tiles.h"

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

// Which class a name means and, by it, which of transformers' two backends.
struct ProcessorChoice {
  const HfProcessor* processor = nullptr;
  Engine engine = Engine::kHfFast;
  std::string name;
};

bool TakeSuffix(std::string_view& name, std::string_view suffix) {
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  return true;
}

// In transformers 5 every spelling but ...Pil is the torchvision class.
Engine TakeSuffixes(std::string_view& stem) {
  if (TakeSuffix(stem, "ImageProcessorPil")) return Engine::kHf;
  if (!TakeSuffix(stem, "ImageProcessorFast") && !TakeSuffix(stem, "ImageProcessor")) {
    TakeSuffix(stem, "FeatureExtractor");
  }
  return Engine::kHfFast;
}

std::string SourceOf(const ProcessorChoice& choice) {
  const bool pillow = choice.engine == Engine::kHf;
  return fmt::format("Hugging Face {}: by its name transformers 5 takes its {} backend (like {})",
                     choice.name, pillow ? "Pillow" : "torchvision", WordOf(choice.engine));
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
  choice.engine = TakeSuffixes(stem);
  std::vector<std::string> known;
  for (const HfProcessor& processor : HfProcessors()) {
    if (stem.size() < choice.name.size() && processor.name == stem) choice.processor = &processor;
    known.push_back(std::string(processor.name) + "ImageProcessor");
  }
  const bool ends = stem.size() < choice.name.size();
  const std::string_view steps = ends ? HfRefusedSteps(stem) : std::string_view();
  if (!choice.processor && !steps.empty()) {
    reader.FailAt(key, fmt::format("{} {}: imnorm has no plan for that; where pictures of one size "
                                   "will do, give `like`, `resize`, `values.mean` and `values.std`",
                                   choice.name, steps));
  } else if (!choice.processor) {
    reader.FailAt(key, fmt::format("unknown processor \"{}\"; known, each also as ...Fast: {}",
                                   choice.name.substr(0, 80), fmt::join(known, ", ")));
  } else if (choice.engine == Engine::kHf && !choice.processor->pillow) {
    reader.FailAt(key, fmt::format("transformers has no Pillow backend of {}ImageProcessor",
                                   choice.processor->name));
  } else if (choice.engine == Engine::kHf && !choice.processor->pillow_unknown.empty()) {
    reader.FailAt(
        key, fmt::format("{} {}, which is not known here: {}ImageProcessor is read", choice.name,
                         choice.processor->pillow_unknown, choice.processor->name));
  }
  return choice;
}

// Steps that change pixels in ways not known here: those of the class's own that are on, and
// those of no class. transformers itself ignores what only other classes know.
void RefuseUnknownSteps(ObjectReader& reader, const Json& document, const HfProcessor& processor) {
  const auto is_on = [](const Json& step) { return !step.is_null() && step != false && step != 0; };
  for (const auto& field : document.items()) {
    const auto& known = KnownSteps();
    const std::string key = field.key().substr(0, 80);
    const bool own =
        fmt::format(" {} ", processor.unknown_steps).find(" " + key + " ") != std::string::npos;
    if (own && is_on(field.value())) {
      return reader.FailAt(key, fmt::format("{}ImageProcessor's own step is not known here: only "
                                            "false",
                                            processor.name));
    }
    if (own) reader.Find(key);
    if (own || !key.starts_with("do_") || IsHfKey(key)) continue;
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    return reader.FailAt(
        key, fmt::format("a step that imnorm does not know; known: {}", fmt::join(known, ", ")));
  }
}

void ReadFilter(ObjectReader& reader, const ProcessorChoice& choice, Filter& filter) {
  constexpr Filter kByPillowNumber[] = {Filter::kNearest, Filter::kLanczos, Filter::kBilinear,
                                        Filter::kBicubic, Filter::kBox,     Filter::kHamming};
  filter = choice.processor->resample;
  if (!reader.Has("resample")) return;
  if (choice.processor->patches.size > 0 && !choice.processor->patches.reads_resample) return;
  int number = 0;
  reader.Int("resample", number, 0, 5);
  const bool torch = choice.engine == Engine::kHfFast;
  filter = torch && number == 0 ? Filter::kNearestExact : kByPillowNumber[number];
}

// crop_size: an object of height and width, [height, width], or a square's side.
void ReadCrop(ObjectReader& reader, const HfProcessor& processor, bool crops, CropPlan& crop) {
  int height = processor.crop ? processor.crop : processor.spare_crop;
  int width = height;
  const Json* size = reader.Find("crop_size");
  if (size && size->is_object()) {
    height = width = 0;
    reader.Object("crop_size", [&](ObjectReader& inner) {
      inner.Int("height", height, 1, kLargestSide);
      inner.Int("width", width, 1, kLargestSide);
      if (processor.rule != HfSizeRule::kVilt) return;
      inner.Int("shortest_edge", height, 1, kLargestSide);  // BridgeTower's own spelling
      width = height;
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
    case HfConstants::kOne:
      values.mean = {1.0, 1.0, 1.0};
      values.std = {1.0, 1.0, 1.0};
      break;
  }
}

// What Janus and its like pad with, whatever background_color says.
void SetMeanColour(const std::vector<double>& mean, uint8_t fill[3]) {
  for (size_t c = 0; c < 3; ++c) {
    const double level = mean.empty() ? 127.0 : 255.0 * mean[mean.size() == 1 ? 0 : c];
    fill[c] = uint8_t(std::clamp(level, 0.0, 255.0));
  }
}

// EfficientNet's, which for scores of classes divides by std once more.
void ReadScores(ObjectReader& reader, bool normalizes, ValuePlan& values) {
  values.std_twice = true;
  reader.Bool("rescale_offset", values.offset);
  reader.Bool("include_top", values.std_twice);
  if (values.std_twice && !normalizes) {
    return reader.FailAt("include_top", "goes with do_normalize");
  }
}

void ReadValues(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  ValuePlan& values = plan.values;
  SetConstants(processor.constants, values);
  reader.Numbers("image_mean", values.mean, 3);
  reader.Numbers("image_std", values.std, 3);
  if (processor.rule == HfSizeRule::kJanus) SetMeanColour(values.mean, plan.geometry.fill);
  bool normalizes = processor.normalizes;
  reader.Bool("do_normalize", normalizes);
  if (!normalizes) {
    values.mean.clear();
    values.std.clear();
  } else if (values.mean.empty() || values.std.empty()) {
    reader.FailAt("do_normalize", "needs image_mean and image_std");
  }
  reader.Bool("do_rescale", values.rescale);
  double factor = processor.rescale_factor;
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
  if (processor.scores) ReadScores(reader, normalizes, values);
}

// do_pad brings a batch to the size of its largest picture: a picture alone, or pictures of one
// size, stay as they are. Only pad_size says more.
void ReadPad(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  if (processor.rule == HfSizeRule::kSwin2Sr) return;  // which has a border in its place
  bool pads = processor.pads != HfPad::kOff;           // where a class has the step it is on
  reader.Bool("pad_and_return_pixel_mask", pads);
  reader.Bool("do_pad", pads);
  plan.patches.numbers = plan.patches.size > 0 ? plan.patches.numbers : processor.numbers;
  if (!pads && (processor.numbers == PatchNumbers::kPixelMask ||
                processor.numbers == PatchNumbers::kAttentionMask)) {
    plan.patches.numbers = PatchNumbers::kGrid;
  }
  if (!pads) return;
  PadPlan pad = {processor.pad_side, processor.pad_side};
  if (reader.Has("pad_size")) {
    if (processor.pads == HfPad::kUnread) {
      return reader.FailAt("pad_size", "what this class does with it is not known here");
    }
    reader.Object("pad_size", [&](ObjectReader& inner) {
      inner.Int("height", pad.height, 1, kLargestSide);
      inner.Int("width", pad.width, 1, kLargestSide);
    });
    if (reader.ok() && (!pad.height || !pad.width)) {
      return reader.FailAt("pad_size", "needs height and width");
    }
  }
  plan.geometry.pad = pad;
}

void ReadOtherFields(ObjectReader& reader, const HfProcessor& processor, Plan& plan) {
  bool flips = processor.flips;
  if (processor.flips) reader.Bool("do_flip_channel_order", flips);
  if (flips) SetChannels(ChannelOrder::kBgr, plan);
  ReadPad(reader, processor, plan);
  bool converts = processor.converts_rgb;
  reader.Bool("do_convert_rgb", converts);
  if (converts) plan.alpha = AlphaPolicy::kComposite;
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
}

// Samples are over 255, or normalised, before they are resized.
void ResizeFloats(ObjectReader& reader, HfFloats floats, Plan& plan) {
  plan.geometry.resize.engine =
      floats == HfFloats::kScaled ? ResizeEngine::kTorchScaled : ResizeEngine::kTorchDirect;
  if (floats == HfFloats::kNormalized) {
    plan.values.before_resize = true;
    if (plan.values.rescale && !plan.values.mean.empty()) return;
    return reader.FailAt("do_normalize", "this class resizes normalised values: only true");
  }
  if (!plan.values.rescale || plan.values.rescale_factor != 1.0 / 255.0) {
    return reader.FailAt("rescale_factor", "this class resizes scaled values: only with 1/255");
  }
  plan.values.rescale_factor = 0.0;
  plan.values.scale = 255.0;
  plan.values.arithmetic = Arithmetic::kReciprocal;
}

// The classes that bring a picture to a box by more than a resize of bytes.
bool IsPage(HfSizeRule rule) {
  return rule == HfSizeRule::kZoeDepth || rule == HfSizeRule::kOwlv2 ||
         rule == HfSizeRule::kJanus || rule == HfSizeRule::kDonut || rule == HfSizeRule::kSam ||
         rule == HfSizeRule::kAria;
}

Result<Plan> ReadProcessor(const Json& document, const std::string& where) {
  ObjectReader reader(document, where);
  Plan plan;
  const ProcessorChoice choice = FindProcessor(reader);
  if (!reader.ok()) return FinishForeign(reader, std::move(plan));
  const HfProcessor& processor = *choice.processor;
  ApplyEngine(choice.engine, plan);
  plan.source = SourceOf(choice);
  RefuseUnknownSteps(reader, document, processor);
  const bool patches = processor.patches.size > 0;
  if (patches) {
    ReadHfPatches(reader, processor, plan);
  } else {
    ReadHfSize(reader, processor, plan.geometry.resize);
    if (reader.ok() && processor.tiles.most > 0) ReadHfTiles(reader, processor, plan);
    if (reader.ok() && processor.name == "Gemma3") ReadHfBands(reader, plan);
  }
  const bool tiles = plan.patches.size > 0 || plan.geometry.first.kind != ResizeKind::kNone;
  ReadFilter(reader, choice, plan.geometry.resize.filter);
  if (reader.ok() && processor.tiles.rule == TileRule::kFewest) SetPhi4Filter(reader, plan);
  plan.geometry.first.filter = plan.geometry.resize.filter;
  bool crops = processor.crop != 0;
  // Those classes pass it over.
  if (!patches && processor.tiles.most == 0) reader.Bool("do_center_crop", crops);
  bool resizes = true;
  reader.Bool("do_resize", resizes);
  if (processor.patches.rule == SmartRule::kLeast) resizes = true;  // which passes it over
  if (!patches && tiles && !resizes) {
    reader.FailAt("do_resize", "tiles are made by a resize: only true");
  }
  ReadCrop(reader, processor, crops, plan.geometry.crop);
  GeometryPlan sized = plan.geometry;
  if (reader.ok()) ApplyHfSizeRule(reader, processor, sized);
  // Else not even ConvNeXT's crop, which is of its resize.
  if (resizes || processor.rule == HfSizeRule::kSwin2Sr) plan.geometry = sized;
  if (!resizes) plan.geometry.resize.kind = ResizeKind::kNone;
  if (!resizes && (IsPage(processor.rule) || plan.patches.most > 0)) {
    reader.FailAt("do_resize", "what this class does without is not known here: only true");
  }
  ReadValues(reader, processor, plan);
  if (processor.floats != HfFloats::kNone && choice.engine == Engine::kHfFast) {
    ResizeFloats(reader, processor.floats, plan);
  }
  ReadOtherFields(reader, processor, plan);
  // transformers ignores what its class does not know; a slip of the keyboard is told all the same.
  reader.IgnoreOthers([](const std::string& key) { return IsHfKey(key); });
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
  if (!nested->is_object()) reader.FailAt("image_processor", "is not an object");
  // A processor_config.json: beside the image processor it speaks of text, sound and video.
  reader.IgnoreOthers([](const std::string&) { return true; });
  if (auto finished = reader.Finish(); !finished) {
    return Failed(finished);
  }
  return ReadProcessor(*nested, "image_processor");
}

}  // namespace imnorm
