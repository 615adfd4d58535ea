// A run may die after its last file has its name and before anybody was told: its manifest tells.
#include "pipeline/finished_run.h"

#include <filesystem>

#include "imnorm/inputs.h"
#include "io/durable_file.h"
#include "json/guarded_json.h"
#include "json/json_value.h"
#include "pipeline/error_names.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr uint64_t kMostBytes = uint64_t{1} << 33;  // ten million rows and more

bool HasBytes(const fs::path& path, const Json& file) {
  std::error_code error;
  return IsFinished(path.native()) && fs::file_size(path, error) == file.at("bytes") && !error;
}

// Whether the files stand that a manifest speaks of.
bool Stand(const OutputOptions& output, const Json& manifest) {
  if (manifest.contains("classes") && !IsFinished(output.classes_path())) return false;
  if (!output.sharded()) return HasBytes(output.path, manifest.at("output"));
  const fs::path folder = fs::path(output.path).parent_path();
  for (const Json& shard : manifest.at("shards")) {
    if (!HasBytes(folder / shard.at("path").get<std::string>(), shard)) return false;
  }
  return true;
}

bool IsOf(const Json& manifest, const Json& head) {
  for (const char* key :
       {"tool", "codecs", "jpeg", "png", "list_size", "first_input", "inputs", "plan", "format"}) {
    if (manifest.at(key) != head.at(key)) return false;
  }
  return manifest.at("list_hash") == "xxh3-128:" + head.at("list_hash").get<std::string>() &&
         manifest.value("shard_size", uint64_t(0)) == head.at("shard_size");
}

RunReport ReportOf(const Json& manifest, const Json& head) {
  RunReport report;
  report.list_hash = head.at("list_hash");
  report.list_size = manifest.at("list_size");
  report.inputs = manifest.at("inputs");
  report.passed_over = manifest.at("passed_over");
  report.shape = manifest.at("shape").get<std::vector<int64_t>>();
  report.rows = manifest.at("rows");
  for (const auto& [name, count] : manifest.at("notes").items()) {
    if (const auto kind = NoteFromName(name)) report.notes.of[size_t(*kind)] = count;
  }
  for (const Json& item : manifest.at("items")) {
    if (item.contains("error")) {
      report.failures.push_back(
          {0,
           PathOf(item),
           {ErrorCodeOfName(item.at("error").get<std::string>()), item.at("reason")}});
    } else {
      ++report.done;
    }
  }
  return report;
}

}  // namespace

std::optional<RunReport> FinishedRun(const OutputOptions& output, const Json& head) {
  if (!output.resume || output.overwrite || output.to_stdout()) return std::nullopt;
  const std::string path = output.manifest_path();
  if (!IsFinished(path)) return std::nullopt;
  std::vector<uint8_t> bytes;
  if (!ReadFile(path, kMostBytes, false, bytes)) return std::nullopt;
  const auto manifest = ParseGuarded<Json>(
      {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, {.bytes = kMostBytes});
  if (!manifest) return std::nullopt;
  try {
    if (!IsOf(*manifest, head) || !Stand(output, *manifest)) return std::nullopt;
    return ReportOf(*manifest, head);
  } catch (const Json::exception&) {
    return std::nullopt;  // somebody else's document
  }
}

}  // namespace imnorm
