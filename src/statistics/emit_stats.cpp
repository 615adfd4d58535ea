// The same numbers in the words of the tools that take them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "imnorm/statistics.h"
#include "imnorm/words.h"
#include "json/json_text.h"
#include "statistics/names.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

std::string Joined(const std::vector<double>& values) {
  return fmt::format("{}", fmt::join(values, ", "));
}

// A comment that no number can be used without, where the usual reading would be wrong.
std::string OrderNote(const StatsSettings& settings) {
  if (settings.channel_order == "rgb" || settings.channels == 1) return "";
  return fmt::format("  # channels in {} order", settings.channel_order);
}

std::string Torchvision(const StatsValues& values, const StatsSettings& settings) {
  return fmt::format("transforms.Normalize(mean=[{}], std=[{}]){}\n", Joined(values.mean),
                     Joined(values.std), OrderNote(settings));
}

// A list in JSON of numbers in their shortest form.
std::string Shortest(const std::vector<double>& values) { return "[" + Joined(values) + "]"; }

std::string HuggingFace(const StatsValues& values) {
  JsonObject out(0);
  out.Add("do_rescale", "true");
  out.Add("rescale_factor", fmt::to_string(1 / values.scale));
  out.Add("do_normalize", "true");
  out.Add("image_mean", Shortest(values.mean));
  out.Add("image_std", Shortest(values.std));
  return out.Text() + "\n";
}

std::string Timm(const StatsValues& values) {
  JsonObject config(1);
  config.Add("mean", Shortest(values.mean));
  config.Add("std", Shortest(values.std));
  JsonObject out(0);
  out.Add("pretrained_cfg", config.Text());
  return out.Text() + "\n";
}

// Mean and std as tools take them that know pictures in RGB only, and no word for another order.
StatsValues InRgb(StatsValues values) {
  if (values.channel_order == "bgr") {
    std::reverse(values.mean.begin(), values.mean.end());
    std::reverse(values.std.begin(), values.std.end());
    values.channel_order = "rgb";
  }
  return values;
}

// blobFromImage takes a mean in sample units and no std, which the second line divides by. It knows
// no 16-bit samples, and 1, 3 and 4 channels only.
std::string Opencv(const StatsValues& samples, const StatsSettings& settings) {
  const size_t channels = samples.mean.size();
  if (channels != 1 && channels != 3 && channels != 4) {
    return fmt::format(
        "blob = (np.float32(image) - np.float32([{}])) / np.float32([{}]){}\n"
        "blob = blob.transpose(2, 0, 1)[np.newaxis]\n",
        Joined(samples.mean), Joined(samples.std), OrderNote(settings));
  }
  return fmt::format(
      "blob = cv2.dnn.blobFromImage({}, mean=({}{}), swapRB={}){}\n"
      "blob /= np.array([{}], np.float32).reshape(1, -1, 1, 1)\n",
      settings.samples == SampleKind::kU16 ? "np.float32(image)" : "image", Joined(samples.mean),
      channels == 1 ? "," : "", settings.channel_order == "rgb" ? "True" : "False",
      settings.channel_order == "rgb" ? "  # image in OpenCV's BGR order" : OrderNote(settings),
      Joined(samples.std));
}

std::string Openvino(const StatsValues& samples) {
  return fmt::format("--mean_values \"[{}]\" --scale_values \"[{}]\"\n",
                     fmt::join(samples.mean, ","), fmt::join(samples.std, ","));
}

std::string Csv(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  const Summary summary =
      Summarize(totals.moments(), settings, totals.images() + totals.failed().size());
  const std::vector<std::string> names = ChannelNames(settings);
  std::string out =
      "channel,mean,std,min,max,pooled_std,mean_of_image_std,mean_standard_error,"
      "std_standard_error\n";
  for (size_t c = 0; c < names.size(); ++c) {
    out += names[c];
    for (const auto* list :
         {&summary.mean, &summary.std, &summary.min, &summary.max, &summary.pooled_std,
          &summary.mean_of_image_std, &summary.mean_error, &summary.std_error}) {
      out += (*list)[c] ? fmt::format(",{}", *(*list)[c]) : ",";
    }
    out += "\n";
  }
  return out;
}

// Mean and std in the units of the samples: rounded once from the sums, not multiplied back.
StatsValues SampleValues(const Totals& totals) {
  StatsSettings settings = totals.settings();
  settings.scale = 1;
  const Summary summary = Summarize(totals.moments(), settings, totals.images());
  StatsValues out;
  out.channel_order = settings.channel_order;
  for (size_t c = 0; c < summary.mean.size(); ++c) {
    if (summary.mean[c]) out.mean.push_back(*summary.mean[c]);
    if (summary.std[c]) out.std.push_back(*summary.std[c]);
  }
  return out;
}

}  // namespace

Result<EmitFormat> EmitFormatFromName(std::string_view name) {
  for (const Word<EmitFormat>& word : Words<EmitFormat>()) {
    if (word.text == name) return word.value;
  }
  return Fail(ErrorCode::kBadArgument, fmt::format("unknown format \"{}\"; one of {}", name,
                                                   fmt::join(WordTexts<EmitFormat>(), ", ")));
}

Result<std::string> EmitStats(const Totals& totals, EmitFormat format) {
  if (format == EmitFormat::kJson) return StatsToJson(totals);
  if (format == EmitFormat::kCsv) return Csv(totals);
  const Result<StatsValues> values = ValuesOf(totals);
  if (!values) return Failed(values);
  const StatsValues samples = SampleValues(totals);
  switch (format) {
    case EmitFormat::kTorchvision:
      return Torchvision(*values, totals.settings());
    case EmitFormat::kHf:
      return HuggingFace(InRgb(*values));
    case EmitFormat::kTimm:
      return Timm(InRgb(*values));
    case EmitFormat::kOpencv:
      return Opencv(samples, totals.settings());
    default:
      return Openvino(InRgb(samples));
  }
}

}  // namespace imnorm
