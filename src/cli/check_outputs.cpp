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

// A file and the option that names it.
struct NamedFile {
  std::string option;
  std::string path;
};

struct Output {
  NamedFile named;
  bool implied = false;  // OUT.manifest.json, which nobody named
};

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

std::vector<Output> OutputsOf(const Arguments& a) {
  std::vector<Output> outputs;
  const auto add = [&](const char* option, const std::string& path, bool implied = false) {
    if (!path.empty() && path != "-") outputs.push_back({{option, path}, implied});
  };
  add("-o", a.output);
  add("--manifest", a.manifest);
  if (a.command == Command::kNormalize && a.manifest.empty() && !outputs.empty()) {
    add("the manifest", a.output + ".manifest.json", true);
  }
  add("--state-out", a.state_out.value_or(""));
  add("--report-norm", a.report_norm);
  add("--per-image", a.per_image);
  return outputs;
}

std::vector<NamedFile> FilesReadBy(const Arguments& a) {
  std::vector<NamedFile> files = {
      {"--files-from", a.inputs.files_from}, {"--preset", a.preset.value_or("")},
      {"--config", a.config.value_or("")},   {"--stats", a.stats.value_or("")},
      {"--affine", a.affine.value_or("")},   {"--state-in", a.state_in.value_or("")}};
  std::erase_if(files, [](const NamedFile& file) { return file.path.empty(); });
  return files;
}

tl::unexpected<Error> Refuse(const NamedFile& output, const std::string& what) {
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{} {}: {}; give it another name", output.option, output.path, what));
}

// Whether both come to stand, or are written first, under one name.
Result<void> CheckPair(const Output& a, const Output& b) {
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
std::vector<std::string_view> Candidates(const NamedFile& output, const Arguments& a,
                                         const InputList& list) {
  if (list.inputs.empty()) return {a.inputs.inputs.begin(), a.inputs.inputs.end()};
  const bool any = MayBePicture(output.path);
  const auto place = PlaceOf(output.path);
  std::vector<std::string_view> paths;
  for (const Input& input : list.inputs) {
    const bool alike =
        (input.named || input.expected) && place && LastName(input.path) == place->name;
    if (any || alike) paths.emplace_back(input.path);
  }
  return paths;
}

Result<void> CheckInputs(const NamedFile& output, const struct stat& old, const Arguments& a,
                         const InputList& list) {
  for (const std::string_view path : Candidates(output, a, list)) {
    struct stat status;
    if (stat(std::string(path).c_str(), &status) != 0 || !SameFile(status, old)) continue;
    return Refuse(output,
                  path == output.path ? "is an input" : fmt::format("is an input, {}", path));
  }
  return {};
}

Result<void> CheckRead(const Output& output, const struct stat& old, const Arguments& a) {
  for (const NamedFile& file : FilesReadBy(a)) {
    if (output.named.option == "--state-out" && file.option == "--state-in") continue;
    if (output.implied && file.option == "--config") continue;
    struct stat status;
    if (stat(file.path.c_str(), &status) != 0 || !SameFile(status, old)) continue;
    return Refuse(output.named, fmt::format("is read as {} {}", file.option, file.path));
  }
  if (a.mask_dir.empty()) return {};
  std::error_code error;
  const fs::path masks = fs::canonical(a.mask_dir, error);
  const fs::path target = fs::canonical(output.named.path, error);
  const auto [end, at] = std::mismatch(masks.begin(), masks.end(), target.begin(), target.end());
  if (error || end != masks.end()) return {};
  return Refuse(output.named, "is in the folder that is read as --mask-dir " + a.mask_dir);
}

}  // namespace

Result<void> CheckOutputs(const Arguments& arguments, const InputList& list) {
  const std::vector<Output> outputs = OutputsOf(arguments);
  for (size_t b = 1; b < outputs.size(); ++b) {
    for (size_t a = 0; a < b; ++a) {
      if (auto apart = CheckPair(outputs[a], outputs[b]); !apart) return apart;
    }
  }
  for (const Output& output : outputs) {
    struct stat old;
    if (stat(output.named.path.c_str(), &old) != 0 || !S_ISREG(old.st_mode)) continue;
    if (auto kept = CheckInputs(output.named, old, arguments, list); !kept) return kept;
    if (auto kept = CheckRead(output, old, arguments); !kept) return kept;
  }
  return {};
}

}  // namespace imnorm::cli
