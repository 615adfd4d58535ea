// Numbering shards, and finding those that stand.
#include "sink/shard_paths.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "io/durable_file.h"

namespace imnorm {
namespace {

namespace fs = std::filesystem;

constexpr int kDigits = 6;  // at least, as WebDataset's writer has them

// Where the extension begins, its dot included.
size_t ExtensionOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  const size_t dot = path.rfind('.');
  return dot == std::string::npos || dot <= name ? path.size() : dot;
}

// The number in the name of a shard of `path`; none where it is another file's name.
std::optional<uint64_t> NumberIn(const std::string& name, const std::string& path) {
  const std::string whole = fs::path(path).filename().native();
  const size_t cut = ExtensionOf(whole);
  const std::string front = whole.substr(0, cut) + "-";
  const std::string back = whole.substr(cut);
  if (name.size() < front.size() + kDigits + back.size() || !name.starts_with(front) ||
      !name.ends_with(back)) {
    return std::nullopt;
  }
  const std::string digits = name.substr(front.size(), name.size() - front.size() - back.size());
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

fs::path FolderOf(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? fs::path(".") : folder;
}

// Of each shard that stands; one may be met twice.
template <typename Visit>
std::error_code VisitShards(const std::string& path, const Visit& visit) {
  std::error_code error;
  do {
    error.clear();
    for (fs::directory_iterator at(FolderOf(path), error), end; !error && at != end;
         at.increment(error)) {
      if (const auto number = NumberIn(at->path().filename().native(), path)) visit(*number);
    }
  } while (error == std::errc::interrupted);
  return error;
}

}  // namespace

std::string ShardPath(const std::string& path, uint64_t number) {
  const size_t cut = ExtensionOf(path);
  return fmt::format("{}-{:0{}}{}", path.substr(0, cut), number, kDigits, path.substr(cut));
}

Result<void> CheckShards(const OutputOptions& output) {
  if (output.overwrite) return {};
  std::optional<uint64_t> first;
  VisitShards(output.path, [&](uint64_t number) {
    if (!first || number < *first) first = number;
  });
  if (!first) return {};
  return Blame("output.overwrite", ShardPath(output.path, *first) +
                                       ": exists already; `output.overwrite` overwrites it");
}

Result<void> RemoveShardsFrom(const std::string& path, uint64_t first) {
  std::vector<uint64_t> old;
  const auto unread = VisitShards(path, [&](uint64_t number) {
    if (number >= first) old.push_back(number);
  });
  if (unread) {
    return Fail(ErrorCode::kIo,
                fmt::format("{}: the folder {} cannot be searched for older shards: {}", path,
                            FolderOf(path).native(), unread.message()));
  }
  std::string gone;
  for (const uint64_t number : old) {
    const std::string shard = ShardPath(path, number);
    for (const std::string& file : {MarkerPath(shard), shard}) {
      auto removed = RemoveOlder(file);
      if (!removed && !gone.empty()) {
        removed.error().message += "; the older ones are gone: " + gone;
      }
      if (!removed) return Failed(removed);
      if (*removed) gone += (gone.empty() ? "" : ", ") + file;
    }
  }
  return {};
}

}  // namespace imnorm
