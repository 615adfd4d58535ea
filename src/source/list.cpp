// Makes the sorted list of inputs from arguments, folders and list files.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <unordered_set>

#include "imnorm/inputs.h"
#include "imnorm/probe.h"
#include "io/regular_file.h"
#include "io/xxh3.h"
#include "source/archive.h"
#include "source/checksums.h"
#include "source/frames.h"
#include "source/walk.h"
#include "source/whole_text.h"

namespace imnorm {
namespace {

constexpr std::string_view kUtf8Mark = "\xef\xbb\xbf";

// "UTF-16" or "UTF-32" where a text is in one of them: by its byte order mark or, where lines are
// expected, by a NUL in every other byte.
std::string_view WideEncoding(std::string_view text, bool lines) {
  if (text.starts_with(std::string_view("\xff\xfe\0\0", 4)) ||
      text.starts_with(std::string_view("\0\0\xfe\xff", 4))) {
    return "UTF-32";
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) return "UTF-16";
  if (!lines) return "";
  constexpr size_t kHead = 512;
  const std::string_view head = text.substr(0, std::min(text.size() & ~size_t{1}, kHead));
  for (const size_t first : {0, 1}) {
    bool wide = head.size() >= 4;
    for (size_t i = 0; i < head.size(); ++i) wide = wide && (head[i] == 0) == (i % 2 == first);
    if (wide) return "UTF-16";
  }
  return "";
}

Result<void> AddListed(const InputOptions& options, uint32_t root, InputList& list) {
  auto text = ReadWholeText(options.files_from, /*stops_at_nul=*/!options.null_separated);
  if (!text) return Prefixed("`source.files_from`", std::move(text.error()));
  if (const std::string_view encoding = WideEncoding(*text, !options.null_separated);
      !encoding.empty()) {
    return Blame(
        "source.files_from",
        fmt::format("`source.files_from` {}: it is {}; save it as UTF-8 (PowerShell: Out-File "
                    "-Encoding utf8)",
                    options.files_from, encoding));
  }
  const char separator = options.null_separated ? '\0' : '\n';
  if (!options.null_separated && text->find('\0') != std::string::npos) {
    return Blame("source.null_separated",
                 fmt::format("`source.files_from` {}: it holds NUL bytes, which no path does; "
                             "`source.null_separated` reads "
                             "paths separated by them",
                             options.files_from));
  }
  std::unordered_set<std::string_view> seen;
  std::string_view rest = *text;
  if (rest.starts_with(kUtf8Mark)) rest.remove_prefix(kUtf8Mark.size());
  while (!rest.empty()) {
    const size_t end = std::min(rest.find(separator), rest.size());
    std::string_view entry = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!options.null_separated && entry.ends_with('\r')) entry.remove_suffix(1);
    if (entry.empty()) continue;
    if (!seen.insert(entry).second) {
      return Blame(
          "source.files_from",
          fmt::format("`source.files_from` {}: \"{}\" is listed twice", options.files_from, entry));
    }
    Input input;
    input.path = std::string(entry);
    input.root = root;
    input.named = true;
    list.inputs.push_back(std::move(input));
  }
  return {};
}

// `error`: why nobody knows, or 0.
bool IsArchiveFile(const std::string& path, int& error) {
  constexpr size_t kHead = 512;
  const std::string head = BeginningOf(path, kHead, &error);
  return IsArchive({reinterpret_cast<const uint8_t*>(head.data()), head.size()});
}

// A tar on standard input.
Result<void> ListStdin(uint32_t root, const InputOptions& options, Excludes& excludes,
                       InputList& list) {
  if (options.files_from == "-") {
    return Blame("source.files_from",
                 "-: standard input is a tar of pictures or, with `source.files_from` -, their "
                 "paths, not both");
  }
  if (isatty(STDIN_FILENO) == 1) {
    return Fail(ErrorCode::kBadArgument,
                "-: a tar of pictures is read from standard input, which is a terminal");
  }
  return ListArchive("-", root, options, excludes, list);
}

}  // namespace

std::string_view Input::top_folder() const {
  const std::string_view k = key();
  const size_t slash = k.find('/', k.starts_with('/') ? 1 : 0);
  return slash == std::string_view::npos ? std::string_view() : k.substr(0, slash);
}

std::string InputList::Hash() const {
  Xxh3 hash;
  for (const Input& input : inputs) {
    hash.Update(input.key().data(), input.key().size());
    hash.Update("", 1);
  }
  return hash.Hex();
}

Result<InputList> ListInputs(const InputOptions& options) {
  InputList list;
  Excludes excludes(options.exclude);
  for (size_t i = 0; i < options.inputs.size(); ++i) {
    const std::string& given = options.inputs[i];
    struct stat status;
    if (stat(given.c_str(), &status) != 0) {
      const bool missing = errno == ENOENT || errno == ENOTDIR;
      if (missing && given == "-") {
        if (auto listed = ListStdin(uint32_t(i), options, excludes, list); !listed) {
          return Failed(listed);
        }
        continue;
      }
      return Fail(missing ? ErrorCode::kNotFound : ErrorCode::kIo,
                  fmt::format("{}: {}", given, std::strerror(errno)));
    }
    if (S_ISDIR(status.st_mode)) {
      WalkFolder(given, uint32_t(i), options, excludes, list);
      continue;
    }
    Input input;
    if (!HasPictureExtension(given) && IsArchiveFile(given, input.list_error)) {
      if (auto listed = ListArchive(given, uint32_t(i), options, excludes, list); !listed) {
        return Failed(listed);
      }
      continue;
    }
    input.path = given;
    input.root = uint32_t(i);
    input.named = true;
    list.inputs.push_back(std::move(input));
  }
  list.idle_excludes = excludes.Idle();
  std::sort(list.links_read_before.begin(), list.links_read_before.end());
  std::sort(list.links_left_out.begin(), list.links_left_out.end());
  if (!options.files_from.empty()) {
    if (auto added = AddListed(options, uint32_t(options.inputs.size()), list); !added) {
      return Failed(added);
    }
  }
  if (!options.checksums.empty()) {
    if (auto had = GiveChecksums(options, excludes, list); !had) return Failed(had);
  }
  const auto given = [&](const Input& input) -> std::string_view {
    return input.root < options.inputs.size() ? std::string_view(options.inputs[input.root])
                                              : std::string_view();
  };
  std::sort(list.inputs.begin(), list.inputs.end(), [&](const Input& a, const Input& b) {
    if (const int order = a.key().compare(b.key()); order != 0) return order < 0;
    return given(a) < given(b);
  });
  if (options.frame || options.all_frames) ChooseFrames(options, list);
  return list;
}

ShardRange ShardOf(size_t size, uint64_t index, uint64_t count) {
  const auto edge = [&](uint64_t i) {
    return size_t(static_cast<unsigned __int128>(size) * i / count);
  };
  return {edge(index - 1), edge(index)};
}

}  // namespace imnorm
