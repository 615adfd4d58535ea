// Reads what compare and verify write.
#include "cli/worst_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "imnorm/verify.h"
#include "json/guarded_json.h"
#include "json/json_value.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMostBytes = uint64_t{256} << 20;

std::vector<uint64_t> OfComparison(const Json& comparison) {
  std::vector<uint64_t> rows;
  for (const char* place : {"worst", "first"}) {
    const auto found = comparison.find(place);
    if (found == comparison.end() || !found->is_object() || !found->contains("n")) continue;
    const Json& row = (*found)["n"];
    if (row.is_number_unsigned()) rows.push_back(row.get<uint64_t>());
  }
  return rows;
}

class Names {
 public:
  Names(const ComparedSide& rows, const InputList& pictures) {
    for (size_t i = 0; i < rows.row_names.size(); ++i) numbers_.try_emplace(rows.row_names[i], i);
    if (rows.is_tensor()) return;
    for (size_t i = 0; i < pictures.inputs.size(); ++i) {
      numbers_.try_emplace(pictures.inputs[i].path, i);
    }
  }
  const uint64_t* Find(const std::string& path) const {
    const auto found = numbers_.find(path);
    return found == numbers_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, uint64_t> numbers_;
};

Result<std::vector<uint64_t>> OfFindings(std::string_view text, const Names& names) {
  std::vector<std::vector<uint64_t>> by_level(3);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    const auto finding = ParseGuarded<Json>(line, {.bytes = kMostBytes});
    if (!finding || !finding->is_object() || !finding->contains("level")) {
      return Fail(ErrorCode::kBadConfig, "it is no output of imnorm compare or verify (JSON)");
    }
    const uint64_t* number = names.Find(PathOf(*finding));
    if (number == nullptr) continue;
    const std::string level = finding->value("level", "");
    by_level[level == "error" ? 0 : level == "warning" ? 1 : 2].push_back(*number);
  }
  std::vector<uint64_t> rows;
  for (const auto& level : by_level) rows.insert(rows.end(), level.begin(), level.end());
  return rows;
}

}  // namespace

Result<std::vector<uint64_t>> WorstRows(const std::string& file, const ComparedSide& rows,
                                        const InputList& pictures) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(file, kMostBytes, false, bytes); !read) {
    return Prefixed(file, read.error());
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto whole = ParseGuarded<Json>(text, {.bytes = kMostBytes});
  const bool comparison = whole && whole->is_object() && whole->contains("worst");
  auto named = comparison ? Result<std::vector<uint64_t>>(OfComparison(*whole))
                          : OfFindings(text, Names(rows, pictures));
  if (!named) return Prefixed(file, named.error());
  std::set<uint64_t> seen;
  std::erase_if(*named, [&](uint64_t row) { return !seen.insert(row).second; });
  if (named->empty()) {
    return Fail(ErrorCode::kBadConfig, file + ": it names no row of " + rows.name);
  }
  return named;
}

}  // namespace imnorm::cli
