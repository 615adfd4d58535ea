// Statistics files come back as totals, or are refused with the member that is wrong.
#include <fmt/format.h>

#include "imnorm/statistics.h"
#include "json/guarded_json.h"
#include "json/path_text.h"
#include "statistics/document.h"
#include "statistics/json_reader.h"
#include "statistics/names.h"
#include "statistics/parse_settings.h"
#include "statistics/parse_sums.h"
#include "statistics/plausible_totals.h"
#include "statistics/totals_access.h"

namespace imnorm {
namespace {

using Json = JsonReader::Json;

// Ten million failed inputs.
constexpr size_t kLongestText = size_t(1) << 30;

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
void ReadNotes(const Json& json, JsonReader* reader, NoteCounts* notes) {
  if (!json.contains("notes")) return;
  const Json& object = json["notes"];
  if (!object.is_object()) return reader->Refuse("\"notes\" is no object");
  for (const auto& [name, value] : object.items()) {
    const std::optional<NoteKind> kind = NoteFromName(name);
    if (!kind) return reader->Refuse("\"notes\" holds a kind that is not known");
    notes->of[size_t(*kind)] = reader->Count(value, "notes");
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

// The sums to be allocated are no more than the file holds: looked at before any are.
void CheckShapes(const Json& exact, const StatsSettings& settings, JsonReader* reader) {
  const size_t count = size_t(settings.channels);
  reader->List(exact, "sum", count);
  if (settings.cross) reader->List(exact, "cross", count * (count - (count > 0)) / 2);
  if (settings.histogram) reader->List(exact, "histogram", count);
  if (settings.histogram && settings.samples == SampleKind::kFloat) {
    reader->Refuse("\"histogram\" of floats");
  }
}

void ReadClasses(const Json& json, JsonReader* reader, Totals* totals) {
  if (!json.is_object()) return reader->Refuse("\"per_class\" is no object");
  for (const auto& [key, row] : json.items()) {
    GroupMoments& moments = TotalsAccess::ClassOf(*totals, NameOfPrintable(key));
    ReadMoments(reader->Member(row, "exact"), totals->settings(), reader, &moments);
  }
}

// What was written over it, if anything was; taken out of the document.
std::optional<std::string> TakeChecksum(Json* json, JsonReader* reader) {
  if (!json->contains("checksum")) return std::nullopt;
  std::string checksum = reader->Text(*json, "checksum");
  json->erase("checksum");
  return checksum;
}

Result<Totals> ReadTotals(const Json& json, JsonReader* reader) {
  const auto wrong = [&] { return Fail(ErrorCode::kCorrupt, *reader->wrong()); };
  const StatsSettings settings = ReadSettings(json, reader);
  const Json& exact = reader->Member(json, "exact");
  const ShardSet shards = ReadShards(exact, reader);
  CheckShapes(exact, settings, reader);
  if (reader->wrong()) return wrong();
  Totals totals(settings, shards);
  ReadMoments(exact, settings, reader, &TotalsAccess::moments(totals));
  ReadSizes(exact, reader, &TotalsAccess::sizes(totals));
  if (settings.histogram) ReadHistogram(exact, reader, &TotalsAccess::moments(totals));
  ReadFailures(json, reader, &totals);
  ReadNotes(json, reader, &TotalsAccess::notes(totals));
  if (settings.samples == SampleKind::kFloat) {
    ReadNonfinite(json, reader, &TotalsAccess::nonfinite(totals));
  }
  if (settings.per_class) ReadClasses(json["per_class"], reader, &totals);
  if (reader->wrong()) return wrong();
  return totals;
}

}  // namespace

Result<Totals> ParseStats(std::string_view text) {
  Result<Json> json = ParseSchema(text);
  if (!json) return Failed(json);
  JsonReader reader;
  const std::optional<std::string> checksum = TakeChecksum(&*json, &reader);
  Result<Totals> totals = ReadTotals(*json, &reader);
  if (!totals) return totals;
  std::string fault = ImplausibleTotals(*totals);
  if (fault.empty()) fault = DifferenceFrom(*json, *totals);
  // 0.1.0 wrote neither; whoever writes notes writes the checksum that covers them and the names.
  if (fault.empty() && !checksum && json->contains("notes")) {
    fault = "\"checksum\" is missing: it was taken out after it was written";
  }
  if (fault.empty() && checksum && *checksum != ChecksumOf(*json)) {
    fault = "\"checksum\" is not that of the rest: something was changed after it was written";
  }
  if (!fault.empty()) return Fail(ErrorCode::kCorrupt, fault);
  return totals;
}

Result<StatsValues> ReadStatsValues(std::string_view text, const std::vector<double>& percents) {
  const Result<Totals> totals = ParseStats(text);
  return totals ? ValuesOf(*totals, percents) : Failed(totals);
}

}  // namespace imnorm
