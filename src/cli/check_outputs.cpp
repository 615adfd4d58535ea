// Outputs that would destroy an input or one another are refused before anything is opened.
#include "cli/check_outputs.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "imnorm/decode.h"

namespace imnorm::cli {
namespace {

namespace fs = std::filesystem;

bool SameFile(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

// The name under which a path is written: that of the last of its symbolic links.
struct Place {
  struct stat folder;
  std::string name;
  bool operator==(const Place& other) const {
    return name == other.name && SameFile(folder, other.folder);
  }
};

// None where there is no such folder, and of devices and pipes, which take any number of outputs.
std::optional<Place> PlaceOf(const std::string& path) {
  fs::path target = path;
  std::error_code error;
  constexpr int kMostLinks = 40;  // as the system has it
  for (int links = 0; fs::is_symlink(target, error); ++links) {
    const fs::path next = fs::read_symlink(target, error);
    if (error || links == kMostLinks) return std::nullopt;
    target = target.parent_path() / next;
  }
  struct stat status;
  if (stat(target.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return std::nullopt;
  Place place;
  place.name = target.filename().native();
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (stat(folder.c_str(), &place.folder) != 0) return std::nullopt;
  return place;
}

tl::unexpected<Error> Refuse(const NamedFile& output, const std::string& what) {
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{} {}: {}; give it another name", output.option, output.path, what));
}

// Whether both come to stand, or are written first, under one name.
Result<void> CheckPair(const FilesOfRun::Output& a, const FilesOfRun::Output& b) {
  const auto place_a = PlaceOf(a.named.path);
  const auto place_b = PlaceOf(b.named.path);
  if (!place_a || !place_b) return {};
  // Who chose the name is told.
  const NamedFile& named = b.implied ? a.named : b.named;
  const NamedFile& other = b.implied ? b.named : a.named;
  const std::string what = fmt::format("{} {}", other.option, other.path);
  if (*place_a == *place_b) return Refuse(named, "is the same file as " + what);
  const auto partial = [](Place place) {
    place.name += ".partial";
    return place;
  };
  if (partial(*place_a) == *place_b || partial(*place_b) == *place_a) {
    return Refuse(named, "is where another output is written first: " + what);
  }
  return {};
}

// Whether the file may be a picture of the run: by its content, where that is known.
bool MayBePicture(const std::string& path) {
  std::vector<uint8_t> head;
  return !ReadFile(path, 0, /*skip_unknown=*/true, head);  // a known one is over the limit
}

std::string_view LastName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// The inputs that an output may be.
//
// Rules:    where OUT is a picture, any of them. An old tensor or report is passed over in a folder
//           and only counts where it is named, or named like a picture: the others of a million
//           inputs are not asked for their identity. Without a list it is a tensor or partials.
std::vector<std::string_view> Candidates(const NamedFile& output, const FilesOfRun& files,
                                         const InputList& list) {
  if (list.inputs.empty()) return {files.inputs.begin(), files.inputs.end()};
  const bool any = MayBePicture(output.path);
  const auto place = PlaceOf(output.path);
  std::vector<std::string_view> paths;
  for (const Input& input : list.inputs) {
    const bool alike =
        (input.named || input.expected) && place && LastName(input.file()) == place->name;
    if (any || alike) paths.emplace_back(input.file());
  }
  return paths;
}

Result<void> CheckInputs(const NamedFile& output, const struct stat& old, const FilesOfRun& files,
                         const InputList& list) {
  for (const std::string_view path : Candidates(output, files, list)) {
    struct stat status;
    if (stat(std::string(path).c_str(), &status) != 0 || !SameFile(status, old)) continue;
    return Refuse(output,
                  path == output.path ? "is an input" : fmt::format("is an input, {}", path));
  }
  return {};
}

Result<void> CheckRead(const FilesOfRun::Output& output, const struct stat& old,
                       const FilesOfRun& files) {
  for (const NamedFile& file : files.read) {
    if (output.named.option == "--state-out" && file.option == "--state-in") continue;
    if (output.implied && file.option == "--config") continue;
    struct stat status;
    if (stat(file.path.c_str(), &status) != 0 || !SameFile(status, old)) continue;
    return Refuse(output.named, fmt::format("is read as {} {}", file.option, file.path));
  }
  if (files.mask_dir.empty()) return {};
  std::error_code error;
  const fs::path masks = fs::canonical(files.mask_dir, error);
  const fs::path target = fs::canonical(output.named.path, error);
  const auto [end, at] = std::mismatch(masks.begin(), masks.end(), target.begin(), target.end());
  if (error || end != masks.end()) return {};
  return Refuse(output.named, "is in the folder that is read as --mask-dir " + files.mask_dir);
}

}  // namespace

void FilesOfRun::Write(const char* option, const std::string& path, bool implied) {
  if (!path.empty() && path != "-") outputs.push_back({{option, path}, implied});
}

void FilesOfRun::Read(const char* option, const std::string& path) {
  if (!path.empty()) read.push_back({option, path});
}

Result<void> CheckOutputs(const FilesOfRun& files, const InputList& list) {
  const std::vector<FilesOfRun::Output>& outputs = files.outputs;
  for (size_t b = 1; b < outputs.size(); ++b) {
    for (size_t a = 0; a < b; ++a) {
      if (auto apart = CheckPair(outputs[a], outputs[b]); !apart) return apart;
    }
  }
  for (const FilesOfRun::Output& output : outputs) {
    struct stat old;
    if (stat(output.named.path.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) continue;
    if (auto kept = CheckInputs(output.named, old, files, list); !kept) return kept;
    if (auto kept = CheckRead(output, old, files); !kept) return kept;
  }
  return {};
}

}  // namespace imnorm::cli
