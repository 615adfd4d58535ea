// Puts a comparison into JSON and into a table.
#include "cli/comparison_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "json/json_value.h"
#include "json/printable.h"
#include "json/text_width.h"
#include "statistics/text_table.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

Json SideJson(const ComparedSide& side, ElementType type, const std::vector<int64_t>& shape) {
  Json json;
  AddPath(side.name, json);
  json["is"] = side.is_tensor() ? "tensor" : "pictures";
  json["dtype"] = ElementTypeName(type);
  json["shape"] = shape;
  if (side.plan) json["plan"] = Json::parse(PlanToJson(*side.plan));
  return json;
}

// "n": the row; then the letters of the row's axes, or "index".
Json PlaceJson(const ComparedPlace& place, const std::string& layout) {
  Json json;
  json["n"] = place.row;
  if (place.index.size() == 3 && layout == "chw") {
    json["c"] = place.index[0];
    json["y"] = place.index[1];
    json["x"] = place.index[2];
  } else {
    json["index"] = place.index;
  }
  json["a"] = place.a;
  json["b"] = place.b;
  if (!place.name.empty()) AddPath(place.name, json);
  return json;
}

uint64_t MostOfBin(size_t bin) { return bin < 2 ? bin : uint64_t{1} << (bin - 1); }

std::string PlaceText(const ComparedPlace& place) {
  std::string text = fmt::format("({}", place.row);
  for (const int64_t i : place.index) text += fmt::format(", {}", i);
  text += fmt::format("): {:.9g} and {:.9g}", place.a, place.b);
  if (!place.name.empty()) text += ", " + Printable(place.name);
  return text;
}

std::string SideText(const ComparedSide& side, ElementType type,
                     const std::vector<int64_t>& shape) {
  std::string text = fmt::format("{} {} [{}]", Printable(side.name), ElementTypeName(type),
                                 fmt::join(shape, ", "));
  if (!side.is_tensor() && side.plan && !side.plan->preset.empty()) {
    text += " by " + Printable(side.plan->preset);
  }
  return text;
}

std::string UlpText(const UlpCounts& ulp) {
  std::string text;
  for (size_t i = 0; i < kUlpBins; ++i) {
    if (ulp[i] == 0) continue;
    const std::string range = i < 3 ? fmt::to_string(MostOfBin(i))
                              : i + 1 == kUlpBins
                                  ? "more"
                                  : fmt::format("{}..{}", MostOfBin(i - 1) + 1, MostOfBin(i));
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", range, ulp[i]);
  }
  return text;
}

std::string ChannelRows(const Comparison& comparison, size_t width) {
  std::vector<std::vector<std::string>> rows = {{"channel", "bias (B - A)", "mean abs", "max abs"}};
  for (size_t c = 0; c < comparison.channels.size(); ++c) {
    const ChannelDifference& channel = comparison.channels[c];
    rows.push_back({comparison.channels.size() == 1 ? "all" : fmt::to_string(c),
                    fmt::format("{:.3g}", channel.bias), fmt::format("{:.3g}", channel.mean_abs),
                    fmt::format("{:.3g}", channel.max_abs)});
  }
  return TextTable(rows, width);
}

std::string Verdict(const Comparison& c) {
  if (!c.shapes_equal) return c.rows == 0 ? "the shapes differ\n" : "the numbers of rows differ\n";
  if (c.layouts_differ) {
    return c.different == 0 ? "the layouts differ, the values are equal place by place\n"
                            : "the layouts differ\n";
  }
  if (c.different > 0) return "";
  return c.max_abs == 0.0 ? "equal\n" : "equal within the tolerance\n";
}

}  // namespace

std::string_view CauseName(Cause cause) {
  switch (cause) {
    case Cause::kChannelOrder:
      return "channel_order";
    case Cause::kNotScaled:
      return "not_scaled";
    case Cause::kNotNormalized:
      return "not_normalized";
    case Cause::kNormalizedTwice:
      return "normalized_twice";
    case Cause::kConstantsOfBytes:
      return "constants_of_bytes";
    case Cause::kOtherConstants:
      return "other_constants";
    case Cause::kLayoutMistaken:
      return "layout_mistaken";
    case Cause::kCropShifted:
      return "crop_shifted";
    case Cause::kNoAntialias:
      return "no_antialias";
    case Cause::kTorchResize:
      return "torch_resize";
    case Cause::kPillowRelease:
      return "pillow_release";
    case Cause::kOtherFilter:
      return "other_filter";
    case Cause::kExifRotation:
      return "exif_rotation";
    case Cause::kOtherJpegDecoder:
      return "other_jpeg_decoder";
  }
  return "";
}

std::string ComparisonToJson(const ComparedSide& a, const ComparedSide& b,
                             const Tolerance& tolerance, const Comparison& comparison) {
  const Comparison& c = comparison;
  Json json;
  json["schema"] = "imnorm.compare/1";
  json["equal"] = c.equal();
  json["a"] = SideJson(a, c.a_type, c.a_shape);
  json["b"] = SideJson(b, c.b_type, c.b_shape);
  json["shapes_equal"] = c.shapes_equal;
  json["layouts_differ"] = c.layouts_differ;
  json["tolerance"] = {{"atol", tolerance.atol}, {"rtol", tolerance.rtol}, {"ulp", tolerance.ulp}};
  json["rows"] = c.rows;
  json["rows_different"] = c.rows_different;
  json["rows_of_other_shapes"] = c.rows_of_other_shapes;
  json["rows_of_other_names"] = c.rows_of_other_names;
  json["failed"] = c.report.failures.size();
  json["values"] = c.values;
  json["different"] = c.different;
  json["not_finite"] = c.not_finite;
  json["max_abs"] = c.max_abs;
  json["mean_abs"] = c.mean_abs;
  json["cosine"] = c.cosine ? Json(*c.cosine) : Json();
  json["max_ulp"] = c.max_ulp;
  json["ulp"] = Json::array();
  for (size_t i = 0; i < kUlpBins; ++i) {
    if (c.ulp[i] == 0) continue;
    const bool last = i + 1 == kUlpBins;
    json["ulp"].push_back({{"up_to", last ? Json() : Json(MostOfBin(i))}, {"values", c.ulp[i]}});
  }
  json["first"] = c.first ? PlaceJson(*c.first, c.layout) : Json();
  json["worst"] = c.worst ? PlaceJson(*c.worst, c.layout) : Json();
  json["channels"] = Json::array();
  for (const ChannelDifference& channel : c.channels) {
    json["channels"].push_back({{"bias", channel.bias},
                                {"mean_abs", channel.mean_abs},
                                {"max_abs", channel.max_abs},
                                {"values", channel.values}});
  }
  json["diagnoses"] = Json::array();
  for (const Diagnosis& diagnosis : c.diagnoses) {
    json["diagnoses"].push_back({{"cause", CauseName(diagnosis.cause)}, {"text", diagnosis.text}});
  }
  return JsonText(json, 2) + "\n";
}

std::string ComparisonTable(const ComparedSide& a, const ComparedSide& b,
                            const Comparison& comparison, size_t width) {
  const Comparison& c = comparison;
  const auto line = [&](const std::string& text) { return WrapText(text, width) + "\n"; };
  std::string out = line("A: " + SideText(a, c.a_type, c.a_shape)) +
                    line("B: " + SideText(b, c.b_type, c.b_shape)) + Verdict(c);
  if (c.rows_of_other_shapes > 0) {
    out += line(fmt::format("{} rows have other shapes on the two sides", c.rows_of_other_shapes));
  }
  if (c.rows_of_other_names > 0) {
    out += line(fmt::format("{} rows are of other pictures on the two sides, by their names",
                            c.rows_of_other_names));
  }
  if (c.values == 0) return out;
  if (c.different > 0) {
    out += line(fmt::format("{} of {} values differ, in {} of {} rows", c.different, c.values,
                            c.rows_different, c.rows));
  }
  if (c.not_finite > 0) {
    out += line(fmt::format("{} are NaN or infinite on one side", c.not_finite));
  }
  out +=
      line(fmt::format("max abs {:.6g}, mean abs {:.6g}, cosine {}, max ulp {}", c.max_abs,
                       c.mean_abs, c.cosine ? fmt::format("{:.9f}", *c.cosine) : "-", c.max_ulp));
  if (c.max_ulp > 0) out += line("ulp apart: " + UlpText(c.ulp));
  const std::string axes = c.layout == "chw" ? " (n, c, y, x)" : "";
  if (c.first) out += line("first" + axes + " " + PlaceText(*c.first));
  if (c.worst) out += line("worst" + axes + " " + PlaceText(*c.worst));
  if (c.max_abs > 0) out += "\n" + ChannelRows(c, width);
  for (const Diagnosis& diagnosis : c.diagnoses) out += "\n" + line("cause: " + diagnosis.text);
  if (c.different > 0 && c.diagnoses.empty()) {
    out += "\n" + line("no single cause that is known explains it");
  }
  return out;
}

}  // namespace imnorm::cli
