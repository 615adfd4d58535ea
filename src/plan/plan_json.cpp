// A Plan as JSON (schema imnorm.plan/1) and back. The writer names every field; the reader starts
// from the defaults of the file's engine, so that a preset only says what is its own.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "imnorm/element_type.h"
#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "json/json_value.h"
#include "plan/json_reader.h"
#include "plan/resize_json.h"

namespace imnorm {
namespace {

using OrderedJson = nlohmann::ordered_json;

constexpr const char* kSchema = "imnorm.plan/1";
constexpr int64_t kLargestSide = int64_t(1) << 24;
constexpr int64_t kLargestPatch = 4096;
constexpr int64_t kMostTiles = 1024;
constexpr int64_t kMostPatches = int64_t(1) << 20;
constexpr size_t kMostChannels = size_t(1) << 20;

template <typename E>
std::string Text(E value) {
  return std::string(WordOf(value));
}

OrderedJson ColourJson(const uint8_t colour[3]) {
  return OrderedJson::array({colour[0], colour[1], colour[2]});
}

OrderedJson CropJson(const CropPlan& crop) {
  if (crop.width == 0) return nullptr;
  OrderedJson json;
  json["width"] = crop.width;
  json["height"] = crop.height;
  json["rounding"] = Text(crop.rounding);
  return json;
}

OrderedJson PatchesJson(const PatchPlan& patches) {
  OrderedJson json;
  if (patches.size == 0) return {{"numbers", Text(patches.numbers)}};
  json["size"] = patches.size;
  json["merge"] = patches.merge;
  json["frames"] = patches.frames;
  json["elements"] = Text(patches.elements);
  json["flat"] = patches.flat;
  if (patches.overview != Overview::kNone) json["overview"] = Text(patches.overview);
  if (patches.numbers != PatchNumbers::kGrid) json["numbers"] = Text(patches.numbers);
  if (patches.tells_merge) json["tells_merge"] = true;
  if (patches.overview_of_resized) json["overview_of_resized"] = true;
  if (patches.overview_of_values) json["overview_of_values"] = true;
  if (patches.mask_patch > 1) json["mask_patch"] = patches.mask_patch;
  if (patches.most > 0) json["most"] = patches.most;
  if (patches.pooled > 1) json["pooled"] = patches.pooled;
  if (const SplitPlan& split = patches.split; split.side > 0) {
    json["split"] = {
        {"side", split.side}, {"least", split.least}, {"most", split.most}, {"above", split.above}};
  }
  if (patches.bands.most > 0) {
    json["bands"] = {{"most", patches.bands.most},
                     {"least_side", patches.bands.least_side},
                     {"least_ratio", patches.bands.least_ratio}};
  }
  return json;
}

OrderedJson ValuesJson(const ValuePlan& values) {
  OrderedJson json;
  json["mean"] = values.mean;
  json["std"] = values.std;
  json["scale"] = values.scale;
  if (values.float_scale) json["float_scale"] = *values.float_scale;
  if (!values.low.empty()) {
    json["low"] = values.low;
    json["high"] = values.high;
  }
  json["rescale"] = values.rescale;
  if (values.rescale_factor != 0.0) json["rescale_factor"] = values.rescale_factor;
  json["arithmetic"] = Text(values.arithmetic);
  if (values.arithmetic == Arithmetic::kOpencv) json["opencv"] = Text(values.opencv);
  if (values.offset) json["offset"] = true;
  if (values.std_twice) json["std_twice"] = true;
  if (values.before_resize) json["before_resize"] = true;
  json["dtype"] = Text(values.dtype);
  if (values.quantize) {
    json["qscale"] = values.qscale;
    json["qzero"] = values.qzero;
  }
  return json;
}

OrderedJson LayerJson(const LayerPlan& layer) {
  OrderedJson json;
  json["batch_size"] = layer.batch_size;
  json["drop_last"] = layer.drop_last;
  json["groups"] = layer.groups;
  json["eps"] = layer.eps;
  json["momentum"] = layer.momentum ? OrderedJson(*layer.momentum) : OrderedJson("none");
  json["eval"] = layer.eval;
  json["affine_file"] = layer.affine_file;
  json["gamma"] = layer.gamma;
  json["beta"] = layer.beta;
  json["state_in"] = layer.state_in;
  json["state_prefix"] = layer.state_prefix;
  return json;
}

bool IsLayerMethod(Method method) { return method != Method::kGiven && method != Method::kNone; }

void ReadCrop(ObjectReader& reader, CropPlan& crop) {
  reader.Int("width", crop.width, 1, kLargestSide);
  reader.Int("height", crop.height, 1, kLargestSide);
  reader.Choice("rounding", crop.rounding);
}

void ReadPad(ObjectReader& reader, PadPlan& pad) {
  reader.Int("width", pad.width, 1, kLargestSide);
  reader.Int("height", pad.height, 1, kLargestSide);
}

void ReadBorder(ObjectReader& reader, BorderPlan& border) {
  reader.Choice("kind", border.kind);
  reader.Int("multiple", border.multiple, 1, kLargestPatch);
}

void ReadBands(ObjectReader& reader, BandPlan& bands) {
  reader.Int("most", bands.most, 1, kMostTiles);
  reader.Int("least_side", bands.least_side, 1, kLargestSide);
  reader.Number("least_ratio", bands.least_ratio);
}

void ReadSplit(ObjectReader& reader, SplitPlan& split) {
  reader.Int("side", split.side, 1, kLargestPatch);
  reader.Int("least", split.least, 2, kMostTiles);
  reader.Int("most", split.most, 2, kMostTiles);
  reader.Number("above", split.above);
}

void ReadPatches(ObjectReader& reader, PatchPlan& patches) {
  reader.Int("size", patches.size, 1, kLargestPatch);
  reader.Int("merge", patches.merge, 1, kLargestPatch);
  reader.Int("frames", patches.frames, 1, kLargestPatch);
  reader.Choice("elements", patches.elements);
  reader.Bool("flat", patches.flat);
  reader.Choice("overview", patches.overview);
  reader.Choice("numbers", patches.numbers);
  reader.Bool("tells_merge", patches.tells_merge);
  reader.Bool("overview_of_resized", patches.overview_of_resized);
  reader.Bool("overview_of_values", patches.overview_of_values);
  reader.Int("mask_patch", patches.mask_patch, 1, kLargestPatch);
  reader.Int("most", patches.most, 1, kMostPatches);
  reader.Int("pooled", patches.pooled, 1, kMostPatches);
  reader.Object("split", [&](ObjectReader& inner) { ReadSplit(inner, patches.split); });
  reader.Object("bands", [&](ObjectReader& inner) { ReadBands(inner, patches.bands); });
}

void ReadValues(ObjectReader& reader, ValuePlan& values) {
  reader.Numbers("mean", values.mean, kMostChannels);
  reader.Numbers("std", values.std, kMostChannels);
  reader.Number("scale", values.scale);
  if (reader.Has("float_scale")) reader.Number("float_scale", values.float_scale.emplace(1.0));
  reader.Numbers("low", values.low, kMostChannels);
  reader.Numbers("high", values.high, kMostChannels);
  reader.Bool("rescale", values.rescale);
  reader.Number("rescale_factor", values.rescale_factor);
  reader.Choice("arithmetic", values.arithmetic);
  reader.Choice("opencv", values.opencv);
  reader.Bool("offset", values.offset);
  reader.Bool("std_twice", values.std_twice);
  reader.Bool("before_resize", values.before_resize);
  reader.Choice("dtype", values.dtype);
  values.quantize = reader.Has("qscale") || reader.Has("qzero");
  reader.Number("qscale", values.qscale);
  reader.Int("qzero", values.qzero, -128, 255);
}

void ReadMomentum(ObjectReader& reader, LayerPlan& layer) {
  const Json* momentum = reader.Find("momentum");
  if (momentum && *momentum == "none") {
    layer.momentum.reset();
  } else if (momentum) {
    double number = 0;
    reader.Number("momentum", number);
    layer.momentum = number;
  }
}

void ReadLayer(ObjectReader& reader, LayerPlan& layer) {
  reader.Int64("batch_size", layer.batch_size, 0, INT64_MAX);
  reader.Bool("drop_last", layer.drop_last);
  reader.Int("groups", layer.groups, 1, int64_t(kMostChannels));
  reader.Number("eps", layer.eps);
  ReadMomentum(reader, layer);
  reader.Bool("eval", layer.eval);
  reader.String("affine_file", layer.affine_file);
  reader.Numbers("gamma", layer.gamma, kMostChannels);
  reader.Numbers("beta", layer.beta, kMostChannels);
  reader.String("state_in", layer.state_in);
  reader.String("state_prefix", layer.state_prefix);
  reader.Ignore({"state_out"});  // where 0.1.0 wrote to; not what it wrote
}

void ReadAlpha(ObjectReader& reader, Plan& plan) {
  std::string text;
  reader.String("alpha", text);
  if (text.empty()) return;
  const auto alpha = ParseAlpha(text);
  if (!alpha) return reader.FailAt("alpha", alpha.error().message);
  plan.alpha = alpha->policy;
  std::copy(alpha->background, alpha->background + 3, plan.background);
}

void ReadNative(ObjectReader& reader, NativeBands& native) {
  reader.Int("channels", native.channels, 1, int64_t(kMostChannels));
  std::string word;
  reader.String("type", word);
  if (word.empty()) return;
  const auto row = std::ranges::find(kElementTypes, word, &ElementTypeRow::word);
  if (row == std::end(kElementTypes))
    return reader.FailAt("type", fmt::format("\"{}\" is no type of samples", word.substr(0, 80)));
  native.type = row->type;
}

void ReadPlan(ObjectReader& reader, Plan& plan) {
  // What a preset file says of itself beyond the plan.
  reader.Ignore({"schema", "name", "summary"});
  reader.String("preset", plan.preset);
  reader.String("source", plan.source);
  Engine like = plan.like;
  reader.Choice("like", like);
  ApplyEngine(like, plan);
  reader.Choice("exif", plan.exif);
  ReadAlpha(reader, plan);
  reader.Choice("icc", plan.icc);
  reader.Choice("channels", plan.channels);
  reader.Object("native", [&](ObjectReader& inner) { ReadNative(inner, plan.native); });
  reader.Int("depth", plan.depth, 8, 16);
  reader.Int64("max_pixels", plan.max_pixels, 1, INT64_MAX);
  reader.Bool("fast_decode", plan.fast_decode);
  reader.Bool("cut_margin", plan.geometry.cut_margin);
  reader.Bool("turn_to_fit", plan.geometry.turn_to_fit);
  reader.Object("border", [&](ObjectReader& inner) { ReadBorder(inner, plan.geometry.border); });
  plan.geometry.first.engine = plan.geometry.resize.engine;
  reader.Object("first", [&](ObjectReader& inner) { ReadResize(inner, plan.geometry.first); });
  reader.Object("resize", [&](ObjectReader& inner) { ReadResize(inner, plan.geometry.resize); });
  reader.Object("crop", [&](ObjectReader& inner) { ReadCrop(inner, plan.geometry.crop); });
  reader.Colour("fill", plan.geometry.fill);
  reader.Object("pad", [&](ObjectReader& inner) { ReadPad(inner, plan.geometry.pad); });
  reader.Object("patches", [&](ObjectReader& inner) { ReadPatches(inner, plan.patches); });
  reader.Choice("method", plan.method);
  reader.Bool("denormalize", plan.denormalize);
  reader.Object("values", [&](ObjectReader& inner) { ReadValues(inner, plan.values); });
  reader.Choice("layout", plan.layout);
  reader.Object("layer", [&](ObjectReader& inner) { ReadLayer(inner, plan.layer); });
}

}  // namespace

std::string PlanToJson(const Plan& plan) {
  OrderedJson json;
  json["schema"] = kSchema;
  json["preset"] = plan.preset;
  json["source"] = plan.source;
  json["like"] = Text(plan.like);
  json["exif"] = Text(plan.exif);
  json["alpha"] = AlphaWord(plan.alpha, plan.background);
  if (plan.icc != IccPolicy::kIgnore) json["icc"] = Text(plan.icc);
  json["channels"] = Text(plan.channels);
  if (plan.native.channels > 0) {
    json["native"] = {{"channels", plan.native.channels},
                      {"type", ElementTypeName(plan.native.type)}};
  }
  json["depth"] = plan.depth;
  json["max_pixels"] = plan.max_pixels;
  json["fast_decode"] = plan.fast_decode;
  if (plan.geometry.cut_margin) json["cut_margin"] = true;
  if (plan.geometry.turn_to_fit) json["turn_to_fit"] = true;
  if (const BorderPlan& border = plan.geometry.border; border.kind != BorderKind::kNone) {
    json["border"] = {{"kind", Text(border.kind)}};
    if (border.kind == BorderKind::kMirrorBehind) json["border"]["multiple"] = border.multiple;
  }
  if (plan.geometry.first.kind != ResizeKind::kNone) {
    json["first"] = ResizeJson(plan.geometry.first);
  }
  json["resize"] = ResizeJson(plan.geometry.resize);
  json["crop"] = CropJson(plan.geometry.crop);
  json["fill"] = ColourJson(plan.geometry.fill);
  if (plan.geometry.pad.width > 0) {
    json["pad"] = {{"width", plan.geometry.pad.width}, {"height", plan.geometry.pad.height}};
  }
  if (plan.patches.size > 0 || plan.patches.numbers != PatchNumbers::kGrid) {
    json["patches"] = PatchesJson(plan.patches);
  }
  json["method"] = Text(plan.method);
  if (plan.denormalize) json["denormalize"] = true;
  json["values"] = ValuesJson(plan.values);
  json["layout"] = Text(plan.layout);
  if (IsLayerMethod(plan.method)) json["layer"] = LayerJson(plan.layer);
  return JsonText(json, 2) + "\n";
}

Result<Plan> PlanFromJson(std::string_view json) {
  const Result<Json> document = ParseJsonObject(json);
  if (!document) return Failed(document);
  return PlanFromDocument(*document);
}

Result<Plan> PlanFromDocument(const Json& document) {
  ObjectReader reader(document, "");
  std::string schema;
  reader.String("schema", schema);
  if (schema != kSchema) {
    reader.FailAt("schema", fmt::format("\"{}\" is not \"{}\"", schema.substr(0, 80), kSchema));
  }
  Plan plan;
  ReadPlan(reader, plan);
  if (auto finished = reader.Finish(); !finished) {
    return Failed(finished);
  }
  if (auto valid = ValidatePlan(plan, PlanInput::kTensor); !valid) {
    return Blame(valid.error().setting, valid.error().message, ErrorCode::kBadConfig);
  }
  return plan;
}

}  // namespace imnorm
