// Everything that a run needs to know of an input that it does not read again.
#include "pipeline/journal_line.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "io/shortage.h"
#include "json/json_value.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

// The members of a good line, a list, by their places.
enum Place {
  kItem,
  kRead,
  kRow,
  kSize,
  kShape,
  kAt,
  kBytes,
  kHash,
  kPatches,
  kMet,
  kNotes,
  kTexts
};

// What reading told, by the names of the notes, and the texts of those that have their own.
void AppendNotes(const DecodeReport& decoded, std::string& out) {
  out += '[';
  bool first = true;
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (!decoded.kinds.Has(NoteKind(i))) continue;
    if (!first) out += ',';
    first = false;
    out += '"';
    out += NoteName(NoteKind(i));
    out += '"';
  }
  out += "],";
  if (decoded.notes.empty()) {
    out += "[]";
    return;
  }
  Json texts;
  for (const DecodeNote& note : decoded.notes) texts.push_back({NoteName(note.kind), note.text});
  out += JsonText(texts);
}

NoteKind KindOf(const nlohmann::json& name) {
  const auto kind = NoteFromName(name.get_ref<const std::string&>());
  if (!kind) throw nlohmann::json::other_error::create(500, "no note", &name);
  return *kind;
}

DecodeReport ReportOf(const nlohmann::json& line) {
  DecodeReport decoded;
  for (const auto& name : line.at(kNotes)) decoded.kinds.Add(KindOf(name));
  for (const auto& note : line.at(kTexts)) {
    decoded.notes.push_back({KindOf(note.at(0)), note.at(1).get<std::string>()});
  }
  return decoded;
}

}  // namespace

bool IsNoted(const ItemOutcome& outcome) {
  if (outcome.passed_over) return true;
  const ErrorCode code = outcome.decoded.error().code;
  return code != ErrorCode::kCancelled && code != ErrorCode::kInstallation &&
         !IsShortage(outcome.decoded.error());
}

Json JournalLine(size_t item, const ItemOutcome& bad) {
  Json line = {{"item", item}, {"read", bad.bytes_read}};
  if (bad.passed_over) {
    line["passed_over"] = true;
    return line;
  }
  const Error& error = bad.decoded.error();
  line["code"] = int(error.code);
  line["reason"] = error.message;
  if (!error.setting.empty()) line["setting"] = error.setting;
  return line;
}

void AppendJournalLine(size_t item, const MadeRow& good, const NotedRow& noted, std::string& out) {
  const auto put = [&]<typename... T>(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out), format, std::forward<T>(values)...);
  };
  const ItemOutcome& outcome = good.outcome;
  put("[{},{},{},[{},{}],[", item, outcome.bytes_read, noted.number, outcome.width, outcome.height);
  for (size_t i = 0; i < good.shape.size(); ++i) put("{}{}", i == 0 ? "" : ",", good.shape[i]);
  put("],[{},{}],{},{},[", noted.place.shard, noted.place.offset, noted.bytes, noted.hash);
  if (good.patches) {
    const PatchGrid& grid = *good.patches;
    const auto& n = good.numbers;
    put("[{},{},{},{},{},{},{}],[{},{},{},{}]", grid.rows, grid.columns, grid.merge,
        int(grid.overview), grid.bands, int(grid.padded), grid.tiles, n[0], n[1], n[2], n[3]);
  }
  const ValueCounts& met = good.met;
  put("],[{},{},{},{}],", met.not_finite, met.overflowed, met.saturated, met.nan_stored);
  AppendNotes(*outcome.decoded, out);
  out += ']';
}

size_t ItemOf(const nlohmann::json& line) {
  return line.is_array() ? line.at(kItem) : line.at("item");
}

NotedRow ParseJournalLine(const nlohmann::json& line, MadeRow& row) {
  row.outcome = ItemOutcome();
  row.patches.reset();
  if (!line.is_array()) {
    row.outcome.bytes_read = line.at("read");
    row.outcome.passed_over = line.value("passed_over", false);
    if (!row.outcome.passed_over) {
      row.outcome.decoded = Failed(Error{ErrorCode(line.at("code").get<int>()), line.at("reason"),
                                         line.value("setting", "")});
    }
    return {};
  }
  row.outcome.decoded = ReportOf(line);
  row.outcome.bytes_read = line.at(kRead);
  row.outcome.width = line.at(kSize).at(0);
  row.outcome.height = line.at(kSize).at(1);
  row.shape = line.at(kShape).get<std::vector<int64_t>>();
  const auto& met = line.at(kMet);
  row.met = {met.at(0), met.at(1), met.at(2), met.at(3)};
  if (const auto& patches = line.at(kPatches); !patches.empty()) {
    const auto& grid = patches.at(0);
    const int tiles = grid.size() > 6 ? grid.at(6).get<int>() : 0;
    row.patches = PatchGrid{grid.at(0), grid.at(1),      grid.at(2), grid.at(3) == 1,
                            grid.at(4), grid.at(5) == 1, tiles};
    row.numbers = patches.at(1).get<std::array<int64_t, 4>>();
    row.outcome.rows = row.patches->made_rows();
  }
  return {line.at(kRow), line.at(kBytes), {line.at(kAt).at(0), line.at(kAt).at(1)}, line.at(kHash)};
}

}  // namespace imnorm
