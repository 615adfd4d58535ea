// The JSON header of a .safetensors file.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "json/guarded_json.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

using Json = nlohmann::json;

tl::unexpected<Error> Damaged(const std::string& what) {
  return Fail(ErrorCode::kCorrupt, "not a valid .safetensors header: " + what);
}

std::optional<ElementType> TypeOfDtype(std::string_view dtype) {
  for (const ElementTypeRow& known : kElementTypes) {
    if (dtype == known.safetensors) return known.type;
  }
  return std::nullopt;
}

// The format nests two deep, and a list in it one more.
constexpr int kDeepest = 3;

Result<Json> ParseObject(std::string_view text) {
  // How long a header may be is checked where it is read.
  Result<Json> json = ParseGuarded<Json>(text, {.bytes = text.size(), .depth = kDeepest});
  if (!json) return Damaged(json.error().message);
  if (!json->is_object()) return Damaged("it is no JSON object");
  return json;
}

Result<SafetensorsEntry> ParseEntry(const std::string& name, const Json& json) {
  const auto wrong = [&](const char* what) {
    return Damaged(fmt::format("tensor \"{}\": {}", name, what));
  };
  if (!json.is_object() || json.size() != 3 || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets")) {
    return wrong("it needs dtype, shape and data_offsets, and nothing else");
  }
  const Json& shape = json["shape"];
  const Json& offsets = json["data_offsets"];
  if (!json["dtype"].is_string()) return wrong("dtype is no string");
  if (!shape.is_array() || shape.size() > kMaxRank) return wrong("shape is no short list");
  if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
      !offsets[1].is_number_unsigned()) {
    return wrong("data_offsets are not two offsets");
  }
  SafetensorsEntry entry;
  entry.name = name;
  entry.dtype = json["dtype"].get<std::string>();
  for (const Json& side : shape) {
    if (!side.is_number_unsigned() || side.get<uint64_t>() > uint64_t(INT64_MAX)) {
      return wrong("shape holds what is no size");
    }
    entry.layout.shape.push_back(side.get<int64_t>());
  }
  entry.layout.offset = offsets[0].get<uint64_t>();
  const uint64_t end = offsets[1].get<uint64_t>();
  if (end < entry.layout.offset) return wrong("data_offsets run backwards");
  entry.layout.bytes = end - entry.layout.offset;
  if (const auto type = TypeOfDtype(entry.dtype)) {
    entry.readable = true;
    entry.layout.type = *type;
    auto bytes = DenseBytes(*type, entry.layout.shape);
    if (!bytes) return wrong(bytes.error().message.c_str());
    if (*bytes != entry.layout.bytes) return wrong("shape and data_offsets disagree");
  }
  return entry;
}

}  // namespace

Result<std::vector<SafetensorsEntry>> ParseSafetensorsHeader(std::string_view json,
                                                             uint64_t data_bytes) {
  if (json.empty() || json.front() != '{') return Damaged("it does not begin with {");
  auto parsed = ParseObject(json);
  if (!parsed) return Failed(parsed);
  std::vector<SafetensorsEntry> entries;
  for (const auto& [name, value] : parsed->items()) {
    if (name == "__metadata__") {
      if (!value.is_object() || !std::all_of(value.begin(), value.end(),
                                             [](const Json& text) { return text.is_string(); })) {
        return Damaged("__metadata__ does not map strings to strings");
      }
      continue;
    }
    auto entry = ParseEntry(name, value);
    if (!entry) return Failed(entry);
    entries.push_back(std::move(*entry));
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return std::pair(a.layout.offset, a.layout.bytes) < std::pair(b.layout.offset, b.layout.bytes);
  });
  uint64_t covered = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.layout.offset != covered) {
      return Damaged(fmt::format("tensor \"{}\" begins at {}, but the one before ends at {}",
                                 entry.name, entry.layout.offset, covered));
    }
    covered += entry.layout.bytes;
    if (covered > data_bytes) break;
  }
  if (covered != data_bytes) {
    return Damaged(fmt::format("its tensors need {} bytes, the file has {}{}", covered, data_bytes,
                               covered > data_bytes ? ": it is truncated" : ""));
  }
  return entries;
}

Result<std::map<std::string, std::string>> ParseSafetensorsMetadata(std::string_view json) {
  const auto parsed = ParseObject(json);
  if (!parsed) return Failed(parsed);
  std::map<std::string, std::string> metadata;
  const auto found = parsed->find("__metadata__");
  if (found == parsed->end() || !found->is_object()) return metadata;
  for (const auto& [key, value] : found->items()) {
    if (value.is_string()) metadata.emplace(key, value.get<std::string>());
  }
  return metadata;
}

}  // namespace imnorm
