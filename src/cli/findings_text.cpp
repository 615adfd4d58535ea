// Writes findings as a table, JSON lines, CSV, or paths alone.
#include "cli/findings_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json/json_text.h"
#include "json/printable.h"
#include "statistics/csv_text.h"

namespace imnorm::cli {
namespace {

constexpr size_t kShownOfAKind = 5;

std::array<uint64_t, kFindingKinds> CountsOf(const VerifyResult& result) {
  std::array<uint64_t, kFindingKinds> counts = {};
  for (const Finding& finding : result.findings) ++counts[size_t(finding.kind)];
  return counts;
}

// Its end tells more of a path than its beginning.
std::string Cut(const std::string& text, size_t width) {
  if (text.size() <= width || width < 8) return text.substr(0, width);
  return "..." + text.substr(text.size() - (width - 3));
}

std::string Line(const Finding& finding, size_t width) {
  std::string note = finding.text;
  if (!finding.other.empty()) note += fmt::format(" as {}", finding.other);
  note = Printable(note);
  std::string path = Printable(finding.path);
  constexpr size_t kIndent = 2;
  if (kIndent + path.size() + 2 + note.size() > width) {
    const size_t room = width > kIndent + 2 ? width - kIndent - 2 : 0;
    const size_t for_note = std::min(note.size(), room / 2);
    path = Cut(path, room - for_note);
    note = Cut(note, room - std::min(room, path.size()));
  }
  return fmt::format("  {}  {}\n", path, note);
}

}  // namespace

std::string FindingsTable(const VerifyResult& result, size_t width, bool all) {
  const auto counts = CountsOf(result);
  std::string text;
  for (const FindingRow& row : FindingRows()) {
    const uint64_t count = counts[size_t(row.kind)];
    if (count == 0) continue;
    std::string head = fmt::format("{} {} ({}): {}", count, row.word, WordOf(row.level), row.says);
    text += head.substr(0, width) + "\n";
    size_t shown = 0;
    for (const Finding& finding : result.findings) {
      if (finding.kind != row.kind) continue;
      if (!all && shown == kShownOfAKind) break;
      text += Line(finding, width);
      ++shown;
    }
    if (shown < count) text += fmt::format("  ... and {} more\n", count - shown);
  }
  return text;
}

std::string FindingsJson(const VerifyResult& result) {
  std::string text;
  for (const Finding& finding : result.findings) {
    const FindingRow& row = RowOf(finding.kind);
    JsonRow json;
    json.Add("index", finding.index);
    json.AddPath(finding.path);
    json.Add("kind", JsonString(row.word));
    json.Add("level", JsonString(WordOf(row.level)));
    json.Add("text", JsonString(finding.text));
    if (!finding.other.empty()) json.Add("other", JsonString(finding.other));
    text += json.Text() + "\n";
  }
  return text;
}

std::string FindingsCsv(const VerifyResult& result) {
  std::string text = "path,kind,level,text,other\n";
  for (const Finding& finding : result.findings) {
    const FindingRow& row = RowOf(finding.kind);
    text += fmt::format("{},{},{},{},{}\n", CsvText(finding.path), row.word, WordOf(row.level),
                        CsvText(finding.text), CsvText(finding.other));
  }
  return text;
}

std::string FindingPaths(const VerifyResult& result, FindingKind kind, char end) {
  std::string text;
  for (const Finding& finding : result.findings) {
    if (finding.kind == kind) text += finding.path + end;
  }
  return text;
}

std::string FindingsSummary(const VerifyResult& result) {
  if (result.findings.empty()) return "nothing found";
  const auto counts = CountsOf(result);
  std::string kinds;
  for (const FindingRow& row : FindingRows()) {
    const uint64_t count = counts[size_t(row.kind)];
    if (count > 0) kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", count, row.word);
  }
  return fmt::format("{} finding{}: {}", result.findings.size(),
                     result.findings.size() == 1 ? "" : "s", kinds);
}

std::optional<FindingLevel> WorstLevel(const VerifyResult& result) {
  std::optional<FindingLevel> worst;
  for (const Finding& finding : result.findings) {
    const FindingLevel level = RowOf(finding.kind).level;
    if (!worst || level > *worst) worst = level;
  }
  return worst;
}

}  // namespace imnorm::cli
