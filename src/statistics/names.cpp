// Words and names, and how names of any bytes are written.
#include "statistics/names.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "imnorm/words.h"
#include "json/json_value.h"
#include "json/path_text.h"

namespace imnorm {
namespace {

constexpr Word<SampleKind> kSampleKinds[] = {
    {SampleKind::kU8, "uint8"},
    {SampleKind::kU16, "uint16"},
    {SampleKind::kFloat, "float"},
};
constexpr Word<PixelWeight> kPixelWeights[] = {
    {PixelWeight::kPixel, "pixel"},
    {PixelWeight::kImage, "image"},
};
constexpr Word<StdOf> kStdOfs[] = {
    {StdOf::kPooled, "pooled"},
    {StdOf::kImageMean, "image-mean"},
};
constexpr Word<EmitFormat> kEmitFormats[] = {
    {EmitFormat::kJson, "json"},     {EmitFormat::kTorchvision, "torchvision"},
    {EmitFormat::kHf, "hf"},         {EmitFormat::kTimm, "timm"},
    {EmitFormat::kOpencv, "opencv"}, {EmitFormat::kOpenvino, "openvino"},
    {EmitFormat::kCsv, "csv"},
};

constexpr size_t kEscapeLength = 4;  // "\xff"

// The byte that a text begins with as an escape, of lower-case digits.
std::optional<char> EscapeIn(std::string_view text) {
  if (text.size() < kEscapeLength || !text.starts_with("\\x")) return std::nullopt;
  unsigned byte = 0;
  for (const char c : text.substr(2, 2)) {
    const bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
    if (!digit && !letter) return std::nullopt;
    byte = 16 * byte + unsigned(digit ? c - '0' : c - 'a' + 10);
  }
  return char(byte);
}

}  // namespace

template <>
std::span<const Word<SampleKind>> Words<SampleKind>() {
  return kSampleKinds;
}
template <>
std::span<const Word<PixelWeight>> Words<PixelWeight>() {
  return kPixelWeights;
}
template <>
std::span<const Word<StdOf>> Words<StdOf>() {
  return kStdOfs;
}
template <>
std::span<const Word<EmitFormat>> Words<EmitFormat>() {
  return kEmitFormats;
}

std::vector<std::string> ChannelNames(const StatsSettings& settings) {
  if (settings.channels == 3 && settings.channel_order == "rgb") return {"red", "green", "blue"};
  if (settings.channels == 3 && settings.channel_order == "bgr") return {"blue", "green", "red"};
  if (settings.channels == 1 && settings.channel_order == "gray") return {"gray"};
  std::vector<std::string> names;
  for (int c = 0; c < settings.channels; ++c) names.push_back(std::to_string(c));
  return names;
}

std::string CompactPlan(const std::string& plan) {
  const auto json = nlohmann::ordered_json::parse(plan, nullptr, false);
  return json.is_object() ? JsonText(json) : plan;
}

std::string PrintableName(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const size_t length = EscapeIn(name) ? 0 : FirstCharacter(name).length;
    if (length == 0) {
      out += fmt::format("\\x{:02x}", uint8_t(name[0]));
      name.remove_prefix(1);
      continue;
    }
    out += name.substr(0, length);
    name.remove_prefix(length);
  }
  return out;
}

std::string NameOfPrintable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::optional<char> byte = EscapeIn(text);
    out += byte.value_or(text[0]);
    text.remove_prefix(byte ? kEscapeLength : 1);
  }
  return out;
}

}  // namespace imnorm
