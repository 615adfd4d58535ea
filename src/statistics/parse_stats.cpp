#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "imnorm/statistics.h"
#include "json/guarded_json.h"
#include "json/json_text.h"
#include "json/path_text.h"
#include "statistics/dyadic.h"
#include "statistics/json_reader.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/totals_access.h"

namespace imnorm {
namespace {

using Json = JsonReader::Json;

// Ten million failed inputs.
constexpr size_t kLongestText = size_t(1) << 30;

StatsSettings ReadSettings(const Json& json, JsonReader* reader) {
  StatsSettings out;
  const Json& exact = reader->Member(json, "exact");
  out.channels = int(std::min<size_t>(reader->List(json, "channels").size(), 1 << 20));
  if (out.channels == 0) reader->Refuse("\"channels\" is empty");
  out.scale = reader->Number(reader->Member(json, "scale"), "scale");
  if (!(out.scale > 0)) reader->Refuse("\"scale\" is not positive");
  out.ddof = reader->Int(reader->Member(json, "ddof"), "ddof", 0, 1);
  out.channel_order = reader->Text(json, "channel_order");
  out.pixels_are = reader->Text(json, "pixels_are");
  out.samples = SampleKind(reader->Word(json, "samples", kSampleNames));
  out.weight = PixelWeight(reader->Word(json, "weight", kWeightNames));
  out.std_of = StdOf(reader->Word(json, "std_of", kStdOfNames));
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
    out.plan = json["plan"].is_string() ? json["plan"].get<std::string>() : json["plan"].dump();
  }
  const Json& list = reader->Member(exact, "list");
  out.list_hash = reader->Text(list, "hash");
  out.list_entries = reader->CountOf(list, "entries");
  return out;
}

struct NamedSum {
  const char* key;
  ExactSum ChannelMoments::*member;
  bool only_by_image = false;
};
constexpr NamedSum kChannelSums[] = {
    {"sum", &ChannelMoments::sum},
    {"sum_squares", &ChannelMoments::sum_squares},
    {"image_mean", &ChannelMoments::image_mean},
    {"image_second", &ChannelMoments::image_second, true},
    {"image_std", &ChannelMoments::image_std},
    {"image_std_squares", &ChannelMoments::image_std_squares},
    {"weight_first", &ChannelMoments::weight_first},
    {"weight_second", &ChannelMoments::weight_second},
    {"first_squares", &ChannelMoments::first_squares},
    {"second_squares", &ChannelMoments::second_squares},
    {"first_second", &ChannelMoments::first_second},
};

// Cauchy: a variance below 0 is no sum of anything.
bool IsPossible(const Dyadic& count, const ExactSum& sum, const ExactSum& squares) {
  const Dyadic spread = count * Dyadic(squares) - Dyadic(sum) * Dyadic(sum);
  return !spread.negative();
}

void ReadMoments(const Json& exact, const StatsSettings& settings, JsonReader* reader,
                 GroupMoments* out) {
  const size_t count = out->channels.size();
  const bool by_image = settings.weight == PixelWeight::kImage;
  out->images = reader->CountOf(exact, "images");
  out->measured = reader->CountOf(exact, "measured");
  if (out->measured > out->images) reader->Refuse("\"measured\" exceeds \"images\"");
  out->pixels = reader->Sum(reader->Member(exact, "pixels"), "pixels");
  if (out->pixels.IsZero() != (out->measured == 0) || Dyadic(out->pixels).negative()) {
    reader->Refuse("\"pixels\" and \"measured\" contradict each other");
  }
  out->weight_squares = reader->Sum(reader->Member(exact, "weight_squares"), "weight_squares");
  for (const NamedSum& named : kChannelSums) {
    if (named.only_by_image && !by_image) continue;
    const Json& list = reader->List(exact, named.key, count);
    for (size_t c = 0; c < list.size(); ++c) {
      out->channels[c].*named.member = reader->Sum(list[c], named.key);
    }
  }
  for (const ChannelMoments& channel : out->channels) {
    if (IsPossible(Dyadic(out->pixels), channel.sum, channel.sum_squares) &&
        (!by_image ||
         IsPossible(Dyadic(out->measured), channel.image_mean, channel.image_second))) {
      continue;
    }
    reader->Refuse("the sums of \"exact\" contradict each other");
  }
  if (settings.cross) reader->Sums(exact, "cross", &out->cross);
  if (settings.cross && by_image) reader->Sums(exact, "image_cross", &out->image_cross);
  if (out->measured == 0) return;
  const Json& low = reader->List(exact, "min", count);
  const Json& high = reader->List(exact, "max", count);
  for (size_t c = 0; c < count && low.size() == count && high.size() == count; ++c) {
    out->channels[c].min = reader->Number(low[c], "min");
    out->channels[c].max = reader->Number(high[c], "max");
  }
}

void ReadCounts(const Json& exact, const char* key, JsonReader* reader,
                std::map<int, uint64_t>* counts) {
  for (const Json& row : reader->List(exact, key)) {
    if (!row.is_array() || row.size() != 2) {
      reader->Refuse(fmt::format("\"{}\" holds no [value, count] pairs", key));
      return;
    }
    const int value = reader->Int(row[0], key, 0, std::numeric_limits<int>::max());
    (*counts)[value] += reader->Count(row[1], key);
  }
}

void ReadSizes(const Json& exact, JsonReader* reader, SizeCounts* sizes) {
  ReadCounts(exact, "widths", reader, &sizes->widths);
  ReadCounts(exact, "heights", reader, &sizes->heights);
  ReadCounts(exact, "log2_pixels", reader, &sizes->log2_pixels);
  sizes->pairs_given_up = reader->Member(exact, "sizes").is_null();
  if (sizes->pairs_given_up) return;
  constexpr int kMost = std::numeric_limits<int>::max();
  const Json& rows = reader->List(exact, "sizes");
  if (rows.size() > SizeCounts::kMaxPairs) reader->Refuse("\"sizes\" has too many items");
  for (const Json& row : rows) {
    if (!row.is_array() || row.size() != 3) {
      reader->Refuse("\"sizes\" holds no [width, height, count] triples");
      return;
    }
    const int width = reader->Int(row[0], "sizes", 0, kMost);
    const int height = reader->Int(row[1], "sizes", 0, kMost);
    sizes->pairs[{width, height}] += reader->Count(row[2], "sizes");
  }
}

void ReadHistogram(const Json& exact, JsonReader* reader, GroupMoments* moments) {
  const Json& rows = reader->List(exact, "histogram", moments->channels.size());
  for (size_t c = 0; c < rows.size(); ++c) {
    std::vector<uint64_t>& histogram = moments->channels[c].histogram;
    if (!rows[c].is_array() || rows[c].size() != histogram.size()) {
      reader->Refuse(fmt::format("\"histogram\" has not {} bins a channel", histogram.size()));
      return;
    }
    for (size_t i = 0; i < histogram.size(); ++i) {
      histogram[i] = reader->Count(rows[c][i], "histogram");
    }
  }
}

ShardSet ReadShards(const Json& exact, JsonReader* reader) {
  const Json& json = reader->Member(exact, "shards");
  ShardSet out;
  out.count = reader->Int(reader->Member(json, "count"), "count", 1, 1 << 24);
  out.have.clear();
  for (const Json& item : reader->List(json, "have")) {
    const int shard = reader->Int(item, "have", 1, out.count);
    if (!out.have.empty() && shard <= out.have.back()) reader->Refuse("\"have\" is not ascending");
    out.have.push_back(shard);
  }
  if (out.have.empty()) reader->Refuse("\"have\" is empty");
  return out;
}

std::string ReadPath(const Json& row, JsonReader* reader) {
  std::string path = reader->Text(row, "path");
  if (row.is_object() && row.contains("path_b64") &&
      !FromBase64(reader->Text(row, "path_b64"), &path)) {
    reader->Refuse("\"path_b64\" is no base64");
  }
  return path;
}

void ReadFailures(const Json& json, JsonReader* reader, Totals* totals) {
  for (const Json& row : reader->List(json, "failed")) {
    const uint64_t index = reader->CountOf(row, "index");
    totals->AddFailure(index, ReadPath(row, reader), reader->Text(row, "reason"));
  }
}

// What was skipped: absent where no run wrote it yet.
void ReadNotes(const Json& json, uint64_t images, JsonReader* reader, NoteCounts* notes) {
  if (!json.contains("notes")) return;
  const Json& object = json["notes"];
  if (!object.is_object()) return reader->Refuse("\"notes\" is no object");
  for (const auto& [name, value] : object.items()) {
    const std::optional<NoteKind> kind = NoteFromName(name);
    if (!kind) return reader->Refuse("\"notes\" holds a kind that is not known");
    const uint64_t count = reader->Count(value, "notes");
    if (count > images) return reader->Refuse("\"notes\" counts more pictures than there are");
    notes->of[size_t(*kind)] = count;
  }
}

void ReadNonfinite(const Json& json, JsonReader* reader, NonfiniteCounts* out) {
  const Json& object = reader->Member(json, "nonfinite");
  out->inputs = reader->CountOf(object, "inputs");
  out->pixels = reader->CountOf(object, "pixels");
  const auto counts = [&](const char* key, std::vector<uint64_t>* values) {
    const Json& list = reader->List(object, key, values->size());
    for (size_t c = 0; c < list.size(); ++c) (*values)[c] = reader->Count(list[c], key);
  };
  counts("nan", &out->nan);
  counts("positive_infinity", &out->positive_infinity);
  counts("negative_infinity", &out->negative_infinity);
  for (const Json& row : reader->List(object, "first")) {
    const uint64_t index = reader->CountOf(row, "index");
    out->first.push_back({index, ReadPath(row, reader), reader->CountOf(row, "pixels")});
  }
}

Result<Json> ParseSchema(std::string_view text) {
  Result<Json> json = ParseGuarded<Json>(text, {.bytes = kLongestText});
  if (!json) return json;
  if (!json->is_object() || !json->contains("schema") || (*json)["schema"] != kStatsSchema) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("no statistics of imnorm (\"schema\": \"{}\")", kStatsSchema));
  }
  return json;
}

}  // namespace

Result<Totals> ParseStats(std::string_view text) {
  Result<Json> json = ParseSchema(text);
  if (!json) return tl::unexpected(json.error());
  JsonReader reader;
  const StatsSettings settings = ReadSettings(*json, &reader);
  const Json& exact = reader.Member(*json, "exact");
  const ShardSet shards = ReadShards(exact, &reader);
  // The sums to be allocated are no more than the file holds: checked before any are.
  const size_t count = size_t(settings.channels);
  if (settings.cross) reader.List(exact, "cross", count * (count - (count > 0)) / 2);
  if (settings.histogram) reader.List(exact, "histogram", count);
  if (settings.histogram && settings.samples == SampleKind::kFloat) {
    reader.Refuse("\"histogram\" of floats");
  }
  if (reader.wrong()) return Fail(ErrorCode::kCorrupt, *reader.wrong());

  Totals totals(settings, shards);
  ReadMoments(exact, settings, &reader, &TotalsAccess::moments(totals));
  ReadSizes(exact, &reader, &TotalsAccess::sizes(totals));
  if (settings.histogram) ReadHistogram(exact, &reader, &TotalsAccess::moments(totals));
  ReadFailures(*json, &reader, &totals);
  ReadNotes(*json, totals.images(), &reader, &TotalsAccess::notes(totals));
  if (settings.samples == SampleKind::kFloat) {
    ReadNonfinite(*json, &reader, &TotalsAccess::nonfinite(totals));
  }
  if (settings.per_class) {
    for (const auto& [name, row] : (*json)["per_class"].items()) {
      GroupMoments& moments = TotalsAccess::ClassOf(totals, name);
      ReadMoments(reader.Member(row, "exact"), settings, &reader, &moments);
    }
  }
  if (reader.wrong()) return Fail(ErrorCode::kCorrupt, *reader.wrong());
  return totals;
}

Result<StatsValues> ReadStatsValues(std::string_view text) {
  Result<Json> json = ParseSchema(text);
  if (!json) return tl::unexpected(json.error());
  JsonReader reader;
  StatsValues out;
  const Json& means = reader.Member(*json, "mean");
  if (means.is_array() && !means.empty() && means[0].is_null()) {
    return Fail(ErrorCode::kUnsupported, "no pixel was measured, so there is no mean and std");
  }
  out.scale = reader.Number(reader.Member(*json, "scale"), "scale");
  out.channel_order = reader.Text(*json, "channel_order");
  const size_t count = reader.List(*json, "channels").size();
  for (const Json& value : reader.List(*json, "mean", count)) {
    out.mean.push_back(reader.Number(value, "mean"));
  }
  for (const Json& value : reader.List(*json, "std", count)) {
    out.std.push_back(reader.Number(value, "std"));
  }
  if (reader.wrong()) return Fail(ErrorCode::kCorrupt, *reader.wrong());
  return out;
}

}  // namespace imnorm
