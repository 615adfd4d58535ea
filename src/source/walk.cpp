#include "source/walk.h"

#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "io/retried.h"

namespace imnorm {
namespace {

std::string LowerExtension(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || name.find('/', dot) != std::string_view::npos) return "";
  std::string extension(name.substr(dot + 1));
  for (char& c : extension) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return extension;
}

// One spelling for extensions that mean the same.
std::string_view CanonicalExtension(std::string_view extension) {
  if (extension == "jpeg" || extension == "jpe") return "jpg";
  if (extension == "tiff") return "tif";
  return extension;
}

bool IsSelected(std::string_view name, const InputOptions& options) {
  if (options.extensions.empty()) return true;
  const std::string extension = LowerExtension(name);
  return std::any_of(options.extensions.begin(), options.extensions.end(), [&](const auto& wanted) {
    return CanonicalExtension(wanted) == CanonicalExtension(extension);
  });
}

// A glob with a slash is held against the path below the INPUT, one without against each name.
bool IsExcluded(const std::string& name, const std::string& relative, const InputOptions& options) {
  return std::any_of(options.exclude.begin(), options.exclude.end(), [&](const std::string& glob) {
    const bool whole = glob.find('/') != std::string::npos;
    return fnmatch(glob.c_str(), whole ? relative.c_str() : name.c_str(),
                   whole ? FNM_PATHNAME : 0) == 0;
  });
}

using Folder = std::unique_ptr<DIR, int (*)(DIR*)>;

Folder OpenFolder(const std::string& path) {
  DIR* dir = nullptr;
  do {
    dir = opendir(path.c_str());
  } while (dir == nullptr && errno == EINTR);
  return Folder(dir, closedir);
}

// The next entry; none at the end, where errno is 0, and where errno is the reason.
const dirent* NextEntry(DIR* dir) {
  const dirent* entry = nullptr;
  do {
    errno = 0;
    entry = readdir(dir);
  } while (entry == nullptr && errno == EINTR);
  return entry;
}

enum class EntryKind { kFolder, kFile, kOther, kError };

EntryKind KindOf(const std::string& path, unsigned char d_type) {
  if (d_type == DT_DIR) return EntryKind::kFolder;
  if (d_type == DT_REG) return EntryKind::kFile;
  struct stat status;
  if (d_type == DT_UNKNOWN) {  // some file systems do not say
    if (Retried([&] { return lstat(path.c_str(), &status); }) != 0) return EntryKind::kError;
    if (S_ISDIR(status.st_mode)) return EntryKind::kFolder;
    if (S_ISREG(status.st_mode)) return EntryKind::kFile;
    if (!S_ISLNK(status.st_mode)) return EntryKind::kOther;
  } else if (d_type != DT_LNK) {
    return EntryKind::kOther;
  }
  if (Retried([&] { return stat(path.c_str(), &status); }) != 0) return EntryKind::kError;
  return S_ISREG(status.st_mode) ? EntryKind::kFile : EntryKind::kOther;
}

}  // namespace

bool HasPictureExtension(std::string_view name) {
  static constexpr std::array<std::string_view, 19> kKnown = {
      "jpg", "jpeg", "jpe", "jfif", "png", "apng", "webp", "bmp", "dib",
      "tif", "tiff", "pbm", "pgm",  "ppm", "pnm", "pam", "pfm", "gif",  "jp2"};
  return std::find(kKnown.begin(), kKnown.end(), LowerExtension(name)) != kKnown.end();
}

void WalkFolder(const std::string& folder, uint32_t root, const InputOptions& options,
                InputList& list) {
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  // Folders yet to read, as paths below `prefix` that end in a slash: a list, not recursion, so
  // that depth costs no stack.
  std::vector<std::string> pending = {""};
  while (!pending.empty()) {
    const std::string below = std::move(pending.back());
    pending.pop_back();
    const auto add = [&](std::string path, int error) {
      Input input;
      input.key_offset = uint32_t(prefix.size());
      input.root = root;
      input.expected = !options.extensions.empty() || HasPictureExtension(path);
      input.list_error = error;
      input.path = std::move(path);
      list.inputs.push_back(std::move(input));
    };
    const Folder dir = OpenFolder(prefix + below);
    if (!dir) {
      add(prefix + below, errno);
      continue;
    }
    while (const dirent* entry = NextEntry(dir.get())) {
      const std::string name = entry->d_name;
      if (name.starts_with('.')) continue;
      const std::string relative = below + name;
      if (IsExcluded(name, relative, options)) continue;
      std::string path = prefix + relative;
      errno = 0;
      switch (KindOf(path, entry->d_type)) {
        case EntryKind::kFolder:
          pending.push_back(relative + "/");
          break;
        case EntryKind::kFile:
          if (IsSelected(name, options)) add(std::move(path), 0);
          break;
        case EntryKind::kError:  // a broken link: damage where it looks like a picture
          if (IsSelected(name, options) && HasPictureExtension(name)) {
            add(std::move(path), errno);
          } else {
            ++list.passed_over;
          }
          break;
        case EntryKind::kOther:
          ++list.passed_over;
          break;
      }
    }
    if (errno != 0) add(prefix + below, errno);
  }
}

}  // namespace imnorm
