// Reads folders one after another, real ones before those that links lead to.
#include "source/walk.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "imnorm/probe.h"
#include "io/retried.h"
#include "source/selection.h"

namespace imnorm {
namespace {

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

enum class EntryKind { kFolder, kFolderLink, kFile, kOther, kError };

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
  if (S_ISDIR(status.st_mode)) return EntryKind::kFolderLink;
  return S_ISREG(status.st_mode) ? EntryKind::kFile : EntryKind::kOther;
}

// One walk: what is left to read, and which folders were read.
class Walk {
 public:
  Walk(std::string prefix, uint32_t root, const InputOptions& options, Excludes& excludes,
       InputList& list)
      : prefix_(std::move(prefix)),
        root_(root),
        options_(options),
        excludes_(excludes),
        list_(list) {}

  void Run() {
    pending_ = {""};
    ReadPending(false);
    while (!links_.empty()) {
      pending_ = {*links_.begin() + "/"};
      links_.erase(links_.begin());
      ReadPending(true);
    }
  }

 private:
  using FolderId = std::pair<dev_t, ino_t>;

  void ReadPending(bool linked) {
    while (!pending_.empty()) {
      const std::string below = std::move(pending_.back());
      pending_.pop_back();
      ReadFolder(below, linked);
    }
  }

  void ReadFolder(const std::string& below, bool linked) {
    const Folder dir = OpenFolder(prefix_ + below);
    struct stat status;
    if (!dir || fstat(dirfd(dir.get()), &status) != 0) return Add(prefix_ + below, errno);
    const bool fresh = read_.insert({status.st_dev, status.st_ino}).second;
    if (linked && !fresh) {
      list_.links_read_before.push_back(prefix_ + below.substr(0, below.size() - 1));
      return;
    }
    while (const dirent* entry = NextEntry(dir.get())) {
      if (entry->d_name[0] != '.') Take(below + entry->d_name, entry->d_type);
    }
    if (errno != 0) Add(prefix_ + below, errno);
  }

  void Take(const std::string& relative, unsigned char d_type) {
    const std::string path = prefix_ + relative;
    std::optional<EntryKind> known;
    int error = 0;
    const auto kind = [&] {
      if (!known) {
        errno = 0;
        known = KindOf(path, d_type);
        error = errno;
      }
      return *known;
    };
    const auto is_folder = [&] {
      return kind() == EntryKind::kFolder || kind() == EntryKind::kFolderLink;
    };
    if (excludes_.Match(relative, is_folder)) return;
    switch (kind()) {
      case EntryKind::kFolder:
        pending_.push_back(relative + "/");
        break;
      case EntryKind::kFolderLink:
        if (options_.follow_links) {
          links_.insert(relative);
        } else {
          list_.links_left_out.push_back(path);
        }
        break;
      case EntryKind::kFile:
        if (IsSelectedName(relative, options_)) Add(path, 0);
        break;
      case EntryKind::kError:  // a broken link: damage where it looks like a picture
        if (IsSelectedName(relative, options_) && HasPictureExtension(relative)) {
          Add(path, error);
        } else {
          ++list_.passed_over;
        }
        break;
      case EntryKind::kOther:
        ++list_.passed_over;
        break;
    }
  }

  void Add(std::string path, int error) {
    Input input;
    input.key_offset = uint32_t(prefix_.size());
    input.root = root_;
    input.expected = !options_.extensions.empty() || HasPictureExtension(path);
    input.list_error = error;
    input.path = std::move(path);
    list_.inputs.push_back(std::move(input));
    constexpr size_t kFilesBetweenWords = 1024;
    if (options_.on_found && list_.inputs.size() % kFilesBetweenWords == 0) {
      options_.on_found(list_.inputs.size());
    }
  }

  const std::string prefix_;
  const uint32_t root_;
  const InputOptions& options_;
  Excludes& excludes_;
  InputList& list_;
  // Folders yet to read, as paths below the prefix that end in a slash: a list, not recursion, so
  // that depth costs no stack.
  std::vector<std::string> pending_;
  std::set<std::string> links_;  // to folders, yet to follow
  std::set<FolderId> read_;
};

}  // namespace

void WalkFolder(const std::string& folder, uint32_t root, const InputOptions& options,
                Excludes& excludes, InputList& list) {
  Walk(folder.ends_with('/') ? folder : folder + "/", root, options, excludes, list).Run();
}

}  // namespace imnorm
