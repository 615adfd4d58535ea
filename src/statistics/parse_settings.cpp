// Reads the settings of a statistics file, each within what a run could have had.
#include "statistics/parse_settings.h"

#include <algorithm>

#include "imnorm/words.h"
#include "json/json_value.h"
#include "statistics/names.h"

namespace imnorm {
namespace {

using Json = JsonReader::Json;

constexpr size_t kMostChannels = 65536;  // a TIFF's samples per pixel; tensors take fewer

}  // namespace

StatsSettings ReadSettings(const Json& json, JsonReader* reader) {
  StatsSettings out;
  const Json& exact = reader->Member(json, "exact");
  out.channels = int(std::min(reader->List(json, "channels").size(), kMostChannels + 1));
  if (out.channels == 0) reader->Refuse("\"channels\" is empty");
  if (size_t(out.channels) > kMostChannels) reader->Refuse("\"channels\" are too many");
  out.scale = reader->Number(reader->Member(json, "scale"), "scale");
  if (!(out.scale > 0)) reader->Refuse("\"scale\" is not positive");
  out.ddof = reader->Int(reader->Member(json, "ddof"), "ddof", 0, 1);
  out.channel_order = WordOf(reader->Choice<ChannelOrder>(json, "channel_order"));
  const int usual = out.channel_order == "gray" ? 1 : 3;
  if (out.channel_order != "native" && out.channels != usual) {
    reader->Refuse("\"channels\" contradict \"channel_order\"");
  }
  out.pixels_are = reader->Text(json, "pixels_are");
  out.samples = reader->Choice<SampleKind>(json, "samples");
  out.weight = reader->Choice<PixelWeight>(json, "weight");
  out.std_of = reader->Choice<StdOf>(json, "std_of");
  if (json.contains("sampled")) {
    out.sampled_from = reader->CountOf(json["sampled"], "from");
    out.sample_seed = reader->CountOf(json["sampled"], "seed");
  }
  out.cross = exact.contains("cross");
  out.histogram = exact.contains("histogram");
  if (json.contains("percentiles")) {
    for (const Json& row : reader->List(json, "percentiles")) {
      const double percent = reader->Number(reader->Member(row, "percent"), "percent");
      if (!(percent >= 0 && percent <= 100)) reader->Refuse("\"percent\" is not in 0..100");
      out.percentiles.push_back(percent);
    }
  }
  out.per_class = json.contains("per_class");
  if (json.contains("plan")) {
    out.plan = json["plan"].is_string() ? json["plan"].get<std::string>() : JsonText(json["plan"]);
  }
  const Json& list = reader->Member(exact, "list");
  out.list_hash = reader->Text(list, "hash");
  out.list_entries = reader->CountOf(list, "entries");
  return out;
}

}  // namespace imnorm
