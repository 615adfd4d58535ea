// The formats of coreutils and b3sum, and which input a line is of.
#include "source/checksums.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <unordered_map>

#include "imnorm/probe.h"
#include "io/path_ending.h"
#include "source/whole_text.h"

namespace imnorm {
namespace {

namespace fs = std::filesystem;

constexpr size_t kHexDigits = 2 * kDigestBytes;

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

size_t LeadingHexDigits(std::string_view text) {
  const auto other = std::ranges::find_if(text, [](char c) { return HexValue(c) < 0; });
  return size_t(other - text.begin());
}

Digest DigestOf(std::string_view hex) {
  Digest digest;
  for (size_t i = 0; i < digest.size(); ++i) {
    digest[i] = uint8_t(HexValue(hex[2 * i]) * 16 + HexValue(hex[2 * i + 1]));
  }
  return digest;
}

// A name with \n, \r and \\ in it, which coreutils and b3sum write so where a line begins with \.
std::string Unescaped(std::string_view name) {
  std::string plain;
  for (size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      plain += name[i];
      continue;
    }
    const char next = name[++i];
    plain += next == 'n' ? '\n' : next == 'r' ? '\r' : next;
  }
  return plain;
}

// "SHA256 (name) = hex".
std::optional<FileChecksum> ParseTagged(std::string_view line) {
  FileChecksum found;
  if (line.starts_with("SHA256 (")) found.kind = FileChecksum::Kind::kSha256;
  if (line.starts_with("BLAKE3 (")) found.kind = FileChecksum::Kind::kBlake3;
  constexpr size_t kTag = 8;
  constexpr std::string_view kBetween = ") = ";
  if (found.kind == FileChecksum::Kind::kNone ||
      line.size() < kTag + kBetween.size() + kHexDigits) {
    return std::nullopt;
  }
  const std::string_view hex = line.substr(line.size() - kHexDigits);
  const std::string_view before = line.substr(0, line.size() - kHexDigits);
  if (LeadingHexDigits(hex) != kHexDigits || !before.ends_with(kBetween)) return std::nullopt;
  found.name = before.substr(kTag, before.size() - kBetween.size() - kTag);
  found.digest = DigestOf(hex);
  return found;
}

// "hex  name" or "hex *name".
std::optional<FileChecksum> ParsePlain(std::string_view line) {
  if (LeadingHexDigits(line) != kHexDigits || line.size() < kHexDigits + 3) return std::nullopt;
  if (line[kHexDigits] != ' ' || (line[kHexDigits + 1] != ' ' && line[kHexDigits + 1] != '*')) {
    return std::nullopt;
  }
  FileChecksum found;
  found.kind = FileChecksum::Kind::kEither;
  found.name = line.substr(kHexDigits + 2);
  found.digest = DigestOf(line.substr(0, kHexDigits));
  return found;
}

std::string Refusal(std::string_view line, size_t number) {
  const size_t digits = LeadingHexDigits(line);
  const bool other = digits == 32 || digits == 40 || digits == 56 || digits == 96 || digits == 128;
  return fmt::format(
      "line {} is no checksum that sha256sum or b3sum writes{}", number,
      other ? fmt::format(" ({} bits: `sha256sum FILES` makes such as are read)", digits * 4) : "");
}

// By what both sides are compared: where a path leads from here, links aside.
//
// Errors:   throws where the system does not say where here is: paths would be taken for others
std::string PlaceOf(const fs::path& path) {
  std::error_code failed;
  const fs::path place = fs::absolute(path, failed);
  if (failed == std::errc::not_enough_memory) throw std::bad_alloc();
  if (failed) throw fs::filesystem_error("cannot be looked up from here", path, failed);
  return place.lexically_normal().native();
}

// A picture of the list below an INPUT, or none.
std::optional<Input> MissingInput(const std::string& place, const InputOptions& options,
                                  Excludes& excludes) {
  const std::string extension = LowerExtension(place);
  const auto& only = options.extensions;
  if (!HasPictureExtension(place)) return std::nullopt;
  if (!only.empty() && std::ranges::find(only, extension) == only.end()) return std::nullopt;
  std::error_code failed;
  const auto status = fs::symlink_status(place, failed);
  if (status.type() != fs::file_type::not_found) return std::nullopt;
  for (size_t root = 0; root < options.inputs.size(); ++root) {
    std::string folder = options.inputs[root];
    while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
    std::string above = PlaceOf(folder);
    if (!above.ends_with('/')) above += '/';
    if (!place.starts_with(above)) continue;
    const std::string_view below = std::string_view(place).substr(above.size());
    const bool hidden = below.starts_with('.') || below.find("/.") != std::string_view::npos;
    if (hidden || excludes.Match(below, [] { return false; })) continue;
    Input input;
    if (!folder.ends_with('/')) folder += '/';
    input.path = folder + std::string(below);
    input.key_offset = uint32_t(folder.size());
    input.root = uint32_t(root);
    input.expected = true;
    input.list_error = ENOENT;
    return input;
  }
  return std::nullopt;
}

bool Is(FileChecksum::Kind kind, const Digest& digest, std::span<const uint8_t> bytes) {
  return (kind == FileChecksum::Kind::kSha256 ? Sha256Of(bytes) : Blake3Of(bytes)) == digest;
}

}  // namespace

Result<std::vector<FileChecksum>> ParseChecksums(std::string_view text) {
  std::vector<FileChecksum> sums;
  size_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    const bool escaped = line.starts_with('\\');
    if (escaped) line.remove_prefix(1);
    auto found = ParsePlain(line);
    if (!found) found = ParseTagged(line);
    if (!found) return Fail(ErrorCode::kBadArgument, Refusal(line, number));
    if (escaped) found->name = Unescaped(found->name);
    sums.push_back(std::move(*found));
  }
  return sums;
}

Result<void> GiveChecksums(const InputOptions& options, Excludes& excludes, InputList& list) {
  const auto blame = [&](const Error& error) {
    return Blame("source.checksums",
                 fmt::format("`source.checksums` {}: {}", options.checksums, error.message),
                 error.code);
  };
  if (auto loaded = LoadDigest(); !loaded) return Failed(loaded);
  const auto text = ReadWholeText(options.checksums, /*stops_at_nul=*/false);
  if (!text)
    return Blame("source.checksums", "`source.checksums` " + text.error().message,
                 text.error().code);
  auto parsed = ParseChecksums(*text);
  if (!parsed) return blame(parsed.error());
  const auto sums = std::make_shared<std::vector<FileChecksum>>(std::move(*parsed));
  const fs::path folder =
      options.checksums == "-" ? "" : fs::path(PlaceOf(options.checksums)).parent_path();
  std::unordered_map<std::string, size_t> by_place;
  for (size_t i = 0; i < sums->size(); ++i) {
    const auto [there, is_new] = by_place.emplace(PlaceOf(folder / (*sums)[i].name), i);
    const FileChecksum& first = (*sums)[there->second];
    if (is_new || first.digest == (*sums)[i].digest) continue;
    return blame({ErrorCode::kBadArgument,
                  fmt::format("\"{}\" is there twice, with two checksums", first.name), ""});
  }
  sums->emplace_back();  // for inputs that are not in it
  for (Input& input : list.inputs) {
    const auto found = by_place.find(PlaceOf(input.path));
    if (found == by_place.end()) {
      input.checksum = &sums->back();
      continue;
    }
    input.checksum = &(*sums)[found->second];
    found->second = sums->size();  // found
  }
  for (const auto& [place, index] : by_place) {
    if (index == sums->size()) continue;
    if (auto missing = MissingInput(place, options, excludes)) {
      list.inputs.push_back(std::move(*missing));
    }
  }
  list.checksums = sums;
  return {};
}

Result<void> CheckBytes(const FileChecksum& checksum, std::span<const uint8_t> bytes) {
  using Kind = FileChecksum::Kind;
  // A list is of one kind, so what fitted last is tried first.
  static std::atomic<Kind> fitted = Kind::kSha256;
  if (checksum.kind == Kind::kNone) {
    return Blame("source.checksums", "`source.checksums` has no checksum of it",
                 ErrorCode::kNotFound);
  }
  const Kind first = checksum.kind == Kind::kEither ? fitted.load() : checksum.kind;
  if (Is(first, checksum.digest, bytes)) return {};
  if (checksum.kind == Kind::kEither) {
    const Kind second = first == Kind::kSha256 ? Kind::kBlake3 : Kind::kSha256;
    if (Is(second, checksum.digest, bytes)) {
      fitted = second;
      return {};
    }
  }
  return Blame("source.checksums",
               "its bytes are not those that `source.checksums` has a checksum of: the file was "
               "changed or damaged since",
               ErrorCode::kCorrupt);
}

std::string ChecksumLine(const Digest& digest, const std::string& path,
                         const std::string& list_path) {
  const std::string folder = fs::path(PlaceOf(list_path)).parent_path().native();
  const std::string name = fs::path(PlaceOf(path)).lexically_relative(folder).native();
  std::string escaped;
  for (const char c : name) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else if (c == '\\') {
      escaped += "\\\\";
    } else {
      escaped += c;
    }
  }
  return fmt::format("{}{}  {}\n", escaped == name ? "" : "\\", HexOf(digest), escaped);
}

}  // namespace imnorm
