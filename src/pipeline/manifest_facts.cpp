// Reads a manifest whole, as far as it is of a size to be read.
#include "pipeline/manifest_facts.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "imnorm/inputs.h"
#include "json/guarded_json.h"
#include "json/json_value.h"
#include "pipeline/manifest_head.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMostBytes = uint64_t{256} << 20;  // a million rows

Result<std::vector<std::string>> RowNames(const std::string& manifest) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(manifest, kMostBytes, false, bytes); !read) {
    return Prefixed(manifest, std::move(read.error()));
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto json = ParseGuarded<Json>(text, {.bytes = kMostBytes});
  if (!json) return Fail(ErrorCode::kBadConfig, manifest + ": " + json.error().message);
  std::vector<std::string> names;
  if (!json->is_object() || !json->contains("items")) return names;
  for (const Json& item : (*json)["items"]) {
    if (!item.is_object() || !item.contains("row")) continue;
    if (item["row"] != names.size()) return std::vector<std::string>();
    names.push_back(PathOf(item));
  }
  return names;
}

}  // namespace

Result<std::optional<ManifestFacts>> ReadManifestFacts(const std::string& tensor) {
  const std::string manifest = tensor + ".manifest.json";
  const auto head = ReadManifestHead(manifest);
  if (!head && head.error().code == ErrorCode::kNotFound) return std::nullopt;
  if (!head) return Failed(head);
  std::error_code failed;
  const auto size = std::filesystem::file_size(tensor, failed);
  if (failed) return Fail(ErrorCode::kIo, tensor + ": " + failed.message());
  const auto output = head->find("output");
  if (output == head->end() || !output->is_object() || output->value("bytes", Json()) != size) {
    return std::nullopt;
  }
  ManifestFacts facts;
  if (head->contains("plan")) {
    if (auto plan = PlanFromJson(JsonText((*head)["plan"]))) facts.plan = std::move(*plan);
  }
  auto names = RowNames(manifest);
  if (!names) return Failed(names);
  facts.row_names = std::move(*names);
  return facts;
}

}  // namespace imnorm
