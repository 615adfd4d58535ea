// Writes and reads the markers of shards.
#include "sink/shard_marker.h"

#include <nlohmann/json.hpp>

#include "io/regular_file.h"
#include "json/guarded_json.h"
#include "json/json_value.h"
#include "sink/shard_paths.h"

namespace imnorm {
namespace {

constexpr std::string_view kHash = "xxh3-128:";
constexpr size_t kMostBytes = 4096;

}  // namespace

std::string MarkerText(uint64_t first_row, const WrittenFile& shard) {
  nlohmann::ordered_json marker;
  marker["first_row"] = first_row;
  marker["rows"] = shard.rows;
  marker["bytes"] = shard.bytes;
  marker["hash"] = std::string(kHash) + shard.hash;
  return JsonText(marker) + "\n";
}

std::optional<WrittenFile> ReadMarker(const std::string& shard) {
  const auto marker = ParseGuarded<nlohmann::json>(BeginningOf(MarkerPath(shard), kMostBytes));
  if (!marker) return std::nullopt;
  try {
    const auto hash = marker->at("hash").get<std::string>();
    if (!hash.starts_with(kHash)) return std::nullopt;
    return WrittenFile{shard, marker->at("bytes"), hash.substr(kHash.size()), marker->at("rows")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace imnorm
