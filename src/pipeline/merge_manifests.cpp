// Manifests are read twice: their heads, to see that they belong together, then their items.
#include "pipeline/merge_manifests.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "imnorm/inputs.h"
#include "json/guarded_json.h"
#include "json/json_rows.h"
#include "json/json_value.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = "imnorm.manifest/1";
constexpr uint64_t kMostBytes = uint64_t{1} << 33;  // ten million rows and more
constexpr std::string_view kEnding = ".manifest.json";

struct Part {
  std::string path;
  Json head;  // without the items
  uint64_t first = 0, inputs = 0, items = 0, rows = 0, failed = 0, passed_over = 0;

  uint64_t end() const { return first + inputs; }
};

tl::unexpected<Error> Wrong(const std::string& path, std::string_view what) {
  return Fail(ErrorCode::kBadConfig, fmt::format("{}: {}", path, what));
}

Result<Json> ReadManifest(const std::string& path) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, kMostBytes, false, bytes); !read) {
    return Prefixed(path, std::move(read.error()));
  }
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  auto json = ParseGuarded<Json>(text, {.bytes = kMostBytes});
  if (!json) return Wrong(path, json.error().message);
  const auto schema = json->is_object() ? json->find("schema") : json->end();
  if (schema == json->end() || *schema != kSchema) {
    return Wrong(path, "it is no manifest of a tensor, as others here are");
  }
  return json;
}

Result<uint64_t> CountIn(const Part& part, const char* key) {
  const auto found = part.head.find(key);
  if (found == part.head.end() || !found->is_number_unsigned()) {
    return Wrong(part.path, fmt::format("its \"{}\" is missing or no count", key));
  }
  return found->get<uint64_t>();
}

// Whether a picture has several rows.
bool HasPatches(const Json& head) {
  const auto plan = head.find("plan");
  return plan != head.end() && plan->is_object() && plan->contains("patches");
}

Result<Part> ReadPart(const std::string& path) {
  auto json = ReadManifest(path);
  if (!json) return Failed(json);
  Part part;
  part.path = path;
  const auto items = json->find("items");
  if (items == json->end() || !items->is_array()) return Wrong(path, "it has no \"items\"");
  part.items = items->size();
  json->erase("items");
  part.head = std::move(*json);
  for (const auto& [key, count] :
       {std::pair("first_input", &part.first), std::pair("inputs", &part.inputs),
        std::pair("rows", &part.rows), std::pair("failed", &part.failed),
        std::pair("passed_over", &part.passed_over)}) {
    const auto found = CountIn(part, key);
    if (!found) return Failed(found);
    *count = *found;
  }
  const auto shape = part.head.find("shape");
  const bool sound = shape != part.head.end() && shape->is_array() && !shape->empty() &&
                     shape->front() == part.rows && part.items <= part.inputs &&
                     (part.rows + part.failed <= part.items || HasPatches(part.head)) &&
                     part.inputs <= UINT64_MAX - part.first;
  if (!sound) return Wrong(path, "its counts contradict one another");
  return part;
}

// What must be the same in all parts.
Result<void> CheckAlike(const Part& a, const Part& b) {
  for (const char* key : {"tool", "codecs", "jpeg", "png", "pixels", "plan", "format", "list_hash",
                          "list_size", "classes"}) {
    const Json left = a.head.value(key, Json());
    const Json right = b.head.value(key, Json());
    if (left == right) continue;
    return Wrong(b.path, fmt::format("its \"{}\" differs from that of {}", key, a.path));
  }
  Json left = a.head["shape"];
  Json right = b.head["shape"];
  left.erase(0);
  right.erase(0);
  if (left == right) return {};
  return Wrong(b.path, fmt::format("its rows have another shape than those of {}", a.path));
}

Result<void> CheckWhole(const std::vector<Part>& parts, bool allow_missing) {
  const auto size = CountIn(parts.front(), "list_size");
  if (!size) return Failed(size);
  const auto missing = [&](uint64_t from, uint64_t to) -> Result<void> {
    if (from == to || allow_missing) return {};
    return Blame("merge.allow_missing",
                 fmt::format("the manifest of inputs {} to {} of {} is missing; "
                             "`merge.allow_missing` joins what there is",
                             from + 1, to, *size),
                 ErrorCode::kBadConfig);
  };
  uint64_t at = 0;
  for (const Part& part : parts) {
    if (part.first < at) {
      return Wrong(part.path, "its inputs are those of another manifest too");
    }
    if (auto whole = missing(at, part.first); !whole) return whole;
    at = part.end();
  }
  if (at > *size) return Wrong(parts.back().path, "it has more inputs than the list");
  return missing(at, *size);
}

// The files that a part's rows are in.
void AddShards(const Part& part, Json& shards) {
  if (const auto own = part.head.find("shards"); own != part.head.end() && own->is_array()) {
    for (const Json& shard : *own) shards.push_back(shard);
    return;
  }
  std::string name = std::filesystem::path(part.path).filename().native();
  if (name.ends_with(kEnding)) name.resize(name.size() - kEnding.size());
  Json shard;
  AddPath(name, shard);
  shard["rows"] = part.rows;
  if (const auto output = part.head.find("output"); output != part.head.end()) {
    shard.update(*output);
  }
  shards.push_back(std::move(shard));
}

void AddNotes(const Part& part, Json& notes) {
  const auto own = part.head.find("notes");
  if (own == part.head.end() || !own->is_object()) return;
  for (const auto& [kind, count] : own->items()) {
    if (count.is_number_unsigned()) {
      notes[kind] = notes.value(kind, uint64_t{0}) + count.get<uint64_t>();
    } else {
      notes[kind] = count;
    }
  }
}

Json HeadOf(const std::vector<Part>& parts) {
  Json shards = Json::array();
  Json notes = Json::object();
  uint64_t inputs = 0, rows = 0, failed = 0;
  // Each part has counted what was passed over while the whole was listed.
  uint64_t passed_over = parts.front().passed_over;
  for (const Part& part : parts) {
    AddShards(part, shards);
    AddNotes(part, notes);
    inputs += part.inputs;
    rows += part.rows;
    failed += part.failed;
    if (&part != &parts.front()) passed_over += part.inputs - part.items;
  }
  Json head;
  for (const auto& [key, value] : parts.front().head.items()) {
    if (key == "output" || key == "shards") {
      if (!head.contains("shards")) head["shards"] = shards;
    } else if (key != "shard_size") {
      head[key] = value;
    }
  }
  head["shape"][0] = rows;
  head["inputs"] = inputs;
  head["rows"] = rows;
  head["failed"] = failed;
  head["passed_over"] = passed_over;
  head["notes"] = notes;
  return head;
}

}  // namespace

bool IsManifest(std::string_view text) {
  return text.substr(0, kManifestBeginning).find(kSchema) != std::string_view::npos;
}

Result<MergedManifest> MergeManifests(const std::vector<std::string>& paths, bool allow_missing,
                                      const std::function<Result<void>(std::string_view)>& write) {
  std::vector<Part> parts;
  for (const std::string& path : paths) {
    auto part = ReadPart(path);
    if (!part) return Failed(part);
    parts.push_back(std::move(*part));
  }
  std::ranges::sort(parts, [](const Part& a, const Part& b) { return a.first < b.first; });
  for (const Part& part : parts) {
    if (auto alike = CheckAlike(parts.front(), part); !alike) return Failed(alike);
  }
  if (auto whole = CheckWhole(parts, allow_missing); !whole) return Failed(whole);

  JsonRows rows;
  const std::string head = JsonText(HeadOf(parts), 2);
  if (auto done = write(JsonRows::Begin(head, "items")); !done) return Failed(done);
  MergedManifest merged;
  for (const Part& part : parts) {
    auto json = ReadManifest(part.path);
    if (!json) return Failed(json);
    Json& items = (*json)["items"];
    if (!items.is_array() || items.size() != part.items) {
      return Wrong(part.path, "it was changed meanwhile");
    }
    for (Json& item : items) {
      const auto row = item.is_object() ? item.find("row") : item.end();
      if (row != item.end() && row->is_number_unsigned()) *row = row->get<uint64_t>() + merged.rows;
      if (auto done = write(rows.Item(JsonText(item))); !done) return Failed(done);
    }
    merged.rows += part.rows;
    merged.failed += part.failed;
  }
  if (auto done = write(JsonRows::End()); !done) return Failed(done);
  return merged;
}

}  // namespace imnorm
