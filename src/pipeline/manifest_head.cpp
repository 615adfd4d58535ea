// Reads until the items begin, and closes the object there.
#include "pipeline/manifest_head.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "io/descriptor.h"
#include "json/guarded_json.h"
#include "pipeline/merge_manifests.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kMostBytes = size_t{64} << 20;  // the names of a million classes
constexpr size_t kPiece = size_t{1} << 16;
constexpr std::string_view kItems = ",\n  \"items\": [";

Result<std::string> ReadHead(const std::string& path) {
  const Descriptor file = OpenToRead(path);
  if (!file.is_open()) {
    return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, std::strerror(errno));
  }
  std::string text;
  while (text.size() < kMostBytes) {
    const size_t before = text.size();
    text.resize(before + kPiece);
    const ssize_t got = Retried([&] { return read(file.get(), text.data() + before, kPiece); });
    if (got < 0) return Fail(ErrorCode::kIo, std::strerror(errno));
    text.resize(before + size_t(got));
    if (got == 0 || (text.size() >= kManifestBeginning && !IsManifest(text))) return text;
    const size_t items = text.find(kItems, before < kItems.size() ? 0 : before - kItems.size());
    if (items == std::string::npos) continue;
    text.resize(items);
    return text + "}";
  }
  return Fail(ErrorCode::kBadConfig, "no manifest has so long a head");
}

}  // namespace

Result<Json> ReadManifestHead(const std::string& path) {
  const auto text = ReadHead(path);
  if (!text) return Prefixed(path, text.error());
  if (!IsManifest(*text)) return Fail(ErrorCode::kBadConfig, path + ": it is no manifest");
  auto json = ParseGuarded<Json>(*text, {.bytes = kMostBytes + kPiece});
  if (!json || !json->is_object()) {
    return Fail(ErrorCode::kBadConfig,
                path + ": " + (json ? "it is no JSON object" : json.error().message));
  }
  json->erase("items");
  return json;
}

}  // namespace imnorm
