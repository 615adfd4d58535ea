// Tells a file's kind by its content and asks what knows that kind.
#include "cli/inspect_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "cli/inspect_tensors.h"
#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/probe.h"
#include "imnorm/statistics.h"
#include "io/descriptor.h"
#include "json/json_value.h"
#include "pipeline/manifest_head.h"
#include "pipeline/merge_manifests.h"
#include "source/archive.h"
#include "tensor/tensor_open.h"

namespace imnorm::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr uint64_t kMostPictureBytes = uint64_t{1} << 30;  // as of inputs
constexpr uint64_t kMostJsonBytes = uint64_t{1} << 32;     // of statistics

Result<std::vector<uint8_t>> ReadAll(const std::string& path, uint64_t most) {
  std::vector<uint8_t> bytes;
  if (auto read = ReadFile(path, most, false, bytes); !read) return Failed(read);
  return bytes;
}

Result<void> AddPicture(const std::string& path, Json& out) {
  const auto bytes = ReadAll(path, kMostPictureBytes);
  if (!bytes) return Failed(bytes);
  const auto info = Probe(*bytes);
  if (!info) return Failed(info);
  out["kind"] = "picture";
  out["bytes"] = bytes->size();
  out["format"] = info->format;
  out["width"] = info->width;
  out["height"] = info->height;
  out["channels"] = info->channels;
  out["bits"] = info->bits;
  out["alpha"] = info->has_alpha;
  out["palette"] = info->has_palette;
  out["inks"] = info->has_inks;
  out["orientation"] = info->orientation;
  out["progressive"] = info->progressive;
  out["frames"] = info->frames;
  out["profile"] = info->has_profile;
  return {};
}

Result<void> AddStats(std::string_view text, Json& out) {
  if (auto totals = ParseStats(text); !totals) return Failed(totals);
  // What ParseStats takes is what its own sums give.
  const Json all = Json::parse(text);
  out["kind"] = "stats";
  for (const char* key : {"images", "pixels", "shard", "scale", "ddof", "channel_order",
                          "pixels_are", "channels", "mean", "std", "min", "max"}) {
    if (all.contains(key)) out[key] = all[key];
  }
  out["failed"] = all.contains("failed") ? all["failed"].size() : 0;
  if (all.contains("notes")) out["notes"] = all["notes"];
  if (all.contains("plan")) out["plan"] = all["plan"];
  return {};
}

Result<void> AddManifest(const std::string& path, Json& out) {
  auto head = ReadManifestHead(path);
  if (!head) return Failed(head);
  out["kind"] = "manifest";
  for (const auto& [key, value] : head->items()) {
    if (key != "schema" && key != "plan") out[key] = value;
  }
  if (head->contains("plan")) out["plan"] = (*head)["plan"];
  return {};
}

Result<void> AddJson(const std::string& path, std::string_view head, Json& out) {
  if (IsManifest(head)) return AddManifest(path, out);
  const auto bytes = ReadAll(path, kMostJsonBytes);
  if (!bytes) return Failed(bytes);
  const std::string_view text(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  if (text.substr(0, head.size()).find("\"imnorm.stats/") != std::string_view::npos) {
    return AddStats(text, out);
  }
  const auto plan = PlanFromForeignConfig(text);
  if (!plan) {
    return Fail(ErrorCode::kUnsupported,
                "JSON that is no statistics, no manifest and no plan: " + plan.error().message);
  }
  out["kind"] = "plan";
  out["plan"] = Json::parse(PlanToJson(*plan));
  return {};
}

bool LooksLikeJson(std::string_view head) {
  if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
  const size_t first = head.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && head[first] == '{';
}

Result<std::string> ReadStart(const std::string& path) {
  const Descriptor file = OpenToRead(path);
  struct stat status = {};
  if (!file.is_open() || fstat(file.get(), &status) != 0) {
    return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo, std::strerror(errno));
  }
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kIo, "not a regular file");
  constexpr size_t kStart = 512;  // all that names a format
  std::string start(size_t(std::min<off_t>(kStart, status.st_size)), '\0');
  if (auto read = ReadAt(file.get(), 0, start.data(), start.size()); !read) return Failed(read);
  return start;
}

Result<void> AddKind(const std::string& path, const std::optional<RawShape>& raw, const Stop& stop,
                     Json& out) {
  const auto start = ReadStart(path);
  if (!start) return Failed(start);
  if (raw) return AddRaw(path, *raw, stop, out);
  const std::span<const uint8_t> head(reinterpret_cast<const uint8_t*>(start->data()),
                                      start->size());
  if (!SniffFormat(head).empty()) return AddPicture(path, out);
  if (LooksLikeJson(*start)) return AddJson(path, *start, out);
  if (OpenTensors(path)) return AddTensors(path, stop, out);
  if (IsArchive(head)) return AddSamples(path, stop, out);
  return Fail(ErrorCode::kUnsupported,
              start->empty() ? "the file is empty"
                             : "no picture, tensor, WebDataset tar, statistics, manifest or plan; "
                               "elements alone need --shape and --dtype");
}

}  // namespace

Result<Json> InspectFile(const std::string& path, const std::optional<RawShape>& raw,
                         const Stop& stop) {
  Json out;
  AddPath(path, out);
  if (auto added = AddKind(path, raw, stop, out); !added) {
    return Failed(added);
  }
  return out;
}

}  // namespace imnorm::cli
