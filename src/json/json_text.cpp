// Writes JSON text in the fixed form of the statistics and of reports.
#include "json/json_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>

#include "json/path_text.h"

namespace imnorm {

std::string JsonNumber(std::optional<double> value) {
  if (!value || !(*value - *value == 0)) return "null";
  return fmt::format("{:.17g}", *value);
}

std::string JsonString(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string JsonList(const std::vector<std::string>& items) {
  return fmt::format("[{}]", fmt::join(items, ", "));
}

std::string JsonCounts(const std::vector<uint64_t>& counts) {
  return fmt::format("[{}]", fmt::join(counts, ", "));
}

std::string JsonNumbers(const std::vector<std::optional<double>>& values) {
  std::vector<std::string> items;
  for (const std::optional<double>& value : values) items.push_back(JsonNumber(value));
  return JsonList(items);
}

std::string JsonMatrix(const std::vector<std::vector<std::optional<double>>>& rows) {
  std::vector<std::string> items;
  for (const auto& row : rows) items.push_back(JsonNumbers(row));
  return JsonList(items);
}

std::string JsonLines(const std::vector<std::string>& items, int depth) {
  if (items.empty()) return "[]";
  const std::string end = "\n" + std::string(size_t(2 * depth), ' ');
  return fmt::format("[{}  {}{}]", end, fmt::join(items, "," + end + "  "), end);
}

void JsonObject::Add(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += ",";
  members_ += fmt::format("\n{:{}}{}: {}", "", 2 * (depth_ + 1), JsonString(key), value);
}

std::string JsonObject::Text() const {
  if (members_.empty()) return "{}";
  return "{" + members_ + "\n" + std::string(size_t(2 * depth_), ' ') + "}";
}

void JsonRow::Add(std::string_view key, std::string_view value) {
  if (!members_.empty()) members_ += ", ";
  members_ += fmt::format("{}: {}", JsonString(key), value);
}

void JsonRow::AddPath(std::string_view path) {
  Add("path", JsonString(path));
  if (!IsUtf8(path)) Add("path_b64", JsonString(Base64(path)));
}

std::string JsonRow::Text() const { return "{" + members_ + "}"; }

}  // namespace imnorm
