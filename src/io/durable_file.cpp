// Files that appear under their name whole, and what keeps those of others from harm.
#include "io/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <set>
#include <utility>

#include "io/positioned.h"
#include "io/troubles.h"

namespace imnorm {
namespace {

tl::unexpected<Error> SystemError(const std::string& path, int error) {
  return Fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(error)));
}

constexpr const char* kUnderName = "is under its name, which a power failure may undo";

// `state` says how the file stands where the system cannot.
Result<void> SyncFolderOf(const std::string& path, const char* state = kUnderName) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const auto failed = [&](int error) {
    return Fail(ErrorCode::kIo, fmt::format("{}: {}: the folder {} cannot be synced: {}", path,
                                            state, folder, std::strerror(error)));
  };
  const Descriptor fd(
      Retried([&] { return open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
  // A folder that may be written but not read (a drop box) cannot be synced either.
  if (!fd.is_open()) return errno == EACCES ? Result<void>() : failed(errno);
  // Some file systems refuse to sync folders (EINVAL): the file itself is synced by then.
  if (Retried([&] { return fsync(fd.get()); }) == 0 || errno == EINVAL) return {};
  return failed(errno);
}

Result<void> WriteAll(int fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = Retried([&] { return write(fd, text.data(), text.size()); });
    if (n < 0) return SystemError(path, errno);
    text.remove_prefix(size_t(n));
  }
  return {};
}

// Until a run's output is whole its files are marked so.
constexpr mode_t kMark = S_ISVTX;

bool IsLeftover(const struct stat& status) {
  return S_ISREG(status.st_mode) && status.st_nlink == 1 && status.st_uid == geteuid() &&
         // A file of no bytes is nobody's loss where a system keeps no such bits.
         ((status.st_mode & kMark) != 0 || status.st_size == 0);
}

// What a path leads to, through symbolic links, whether that exists or not.
Result<std::string> TargetOf(const std::string& path) {
  std::error_code error;
  std::filesystem::path target = path;
  for (int links = 0; std::filesystem::is_symlink(target, error); ++links) {
    if (links == 40) return SystemError(path, ELOOP);
    const std::filesystem::path next = std::filesystem::read_symlink(target, error);
    if (error) return SystemError(path, error.value());
    target = target.parent_path() / next;  // an absolute one replaces it
  }
  return target.native();
}

// Whether a new file may come to stand under `target`, which `path` points at.
Result<void> MayBecome(const std::string& path, const std::string& target, bool overwrite) {
  struct stat status;
  if (lstat(target.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kIo, path + ": is no regular file, so it cannot be the output");
  }
  const bool left = (status.st_mode & kMark) != 0 && IsLeftover(status);
  if (!overwrite && !left) {
    return Blame("output.overwrite", path + ": exists already; `output.overwrite` overwrites it");
  }
  return {};
}

tl::unexpected<Error> CannotCreate(const std::string& path, const std::string& partial, int error) {
  const std::filesystem::path folder = std::filesystem::path(partial).parent_path();
  std::error_code ignored;
  if (error == ENOENT && !folder.empty() && !std::filesystem::exists(folder, ignored)) {
    return Fail(ErrorCode::kIo, fmt::format("{}: there is no folder {}", path, folder.native()));
  }
  return SystemError(path, error);
}

tl::unexpected<Error> NotOurs(const std::string& partial) {
  return Fail(ErrorCode::kIo,
              partial + ": is there already and no run of imnorm left it; move it away");
}

bool SameFile(const struct stat& a, const struct stat& b) {
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

// Renames without replacing a file that appeared meanwhile; 0 or the error.
int RenameToNew(const std::string& from, const std::string& to) {
  if (renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  // File systems that cannot: a second name, then the first one away.
  if (link(from.c_str(), to.c_str()) != 0) {
    if (errno == EEXIST) return EEXIST;
    struct stat status;  // nor links: what remains is to look first
    if (lstat(to.c_str(), &status) == 0) return EEXIST;
    return rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
  }
  RemoveOwn(from);
  return 0;
}

// False if another process holds the file. Where the file system has no locks nobody can.
bool Lock(int fd, const std::string& path) {
  if (Retried([&] { return flock(fd, LOCK_EX | LOCK_NB); }) == 0) return true;
  const int error = errno;
  if (error == EWOULDBLOCK) return false;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  NoteTrouble(fmt::format("{}: no locks there ({}): nothing keeps two runs from writing one output",
                          folder.empty() ? "." : folder.native(), std::strerror(error)));
  return true;
}

// A run that died after its output got its name, and before it was finished.
void MakePartialAgain(const std::string& target, const std::string& partial) {
  struct stat status;
  if (lstat(target.c_str(), &status) != 0) return;
  if ((status.st_mode & kMark) == 0 || !IsLeftover(status)) return;
  const Descriptor file = OpenToRead(target);
  if (file.is_open() && Lock(file.get(), target)) RenameToNew(target, partial);
}

}  // namespace

DurableFile& DurableFile::operator=(DurableFile&& other) noexcept {
  Abandon();
  file_ = std::move(other.file_);
  writeback_ = std::move(other.writeback_);
  path_ = std::move(other.path_);
  target_ = std::move(other.target_);
  partial_ = std::move(other.partial_);
  overwrite_ = other.overwrite_;
  kept_ = other.kept_;
  took_over_ = other.took_over_;
  return *this;
}

Result<DurableFile> DurableFile::Create(const std::string& path, bool overwrite, bool keep) {
  Result<std::string> target = TargetOf(path);
  if (!target) return Failed(target);
  if (auto may = MayBecome(path, *target, overwrite); !may) {
    return Failed(may);
  }
  DurableFile file;
  file.path_ = path;
  file.target_ = std::move(*target);
  file.overwrite_ = overwrite;
  const std::string partial = file.target_ + ".partial";
  if (keep) MakePartialAgain(file.target_, partial);
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  file.file_ = Descriptor(
      Retried([&] { return open(partial.c_str(), kFlags | O_CREAT | O_EXCL, 0666 | kMark); }));
  if (!file.is_open() && errno == EEXIST) {
    file.took_over_ = true;
    file.file_ = Descriptor(Retried([&] { return open(partial.c_str(), kFlags); }));
    if (!file.is_open() && (errno == ELOOP || errno == ENXIO)) return NotOurs(partial);
  }
  if (!file.is_open()) return CannotCreate(path, partial, errno);
  struct stat held;
  if (fstat(file.file_.get(), &held) != 0) return file.GiveUp(partial, errno);
  if (file.took_over_ && !IsLeftover(held)) return NotOurs(partial);
  if (!Lock(file.file_.get(), partial)) {
    return Fail(ErrorCode::kIo, partial + ": another run is writing it");
  }
  // Between open and lock another run may have put this very file under its final name: then the
  // name no longer leads to it, and it must not be touched.
  struct stat named;
  const bool there = lstat(partial.c_str(), &named) == 0;
  if (!there && errno != ENOENT) return file.GiveUp(partial, errno);
  if (!there || !SameFile(held, named)) {
    return Fail(ErrorCode::kIo, partial + ": another run was writing it; try again");
  }
  file.partial_ = partial;
  // That other run may have finished between the first look and the lock.
  if (auto may = MayBecome(path, file.target_, overwrite); !may) {
    return Failed(may);
  }
  file.kept_ = keep && file.took_over_;
  if ((!keep && Retried([&] { return ftruncate(file.file_.get(), 0); }) != 0) ||
      (file.took_over_ && fchmod(file.file_.get(), held.st_mode | kMark) != 0)) {
    return SystemError(partial, errno);
  }
  return file;
}

tl::unexpected<Error> DurableFile::GiveUp(const std::string& partial, int error) {
  if (!took_over_) RemoveOwn(partial);
  return SystemError(partial, error);
}

Result<void> DurableFile::Reserve(uint64_t bytes) {
  if (auto reserved = ReserveSpace(file_.get(), bytes, path_); !reserved) return reserved;
  if (bytes > Writeback::kPiece) writeback_ = std::make_unique<Writeback>(file_.get());
  return {};
}

Result<void> DurableFile::WriteAt(uint64_t offset, const void* data, size_t size) {
  if (auto written = WriteAllAt(file_.get(), offset, data, size, path_); !written) return written;
  if (writeback_) writeback_->Wrote(size);
  return {};
}

Result<void> DurableFile::ReadAt(uint64_t offset, void* data, size_t size) const {
  return ReadAllAt(file_.get(), offset, data, size, partial_);
}

Result<void> DurableFile::Sync() {
  if (Retried([&] { return fsync(file_.get()); }) == 0) return {};
  return SystemError(path_, errno);
}

Result<void> DurableFile::Seal(uint64_t size) {
  writeback_.reset();
  if (Retried([&] { return ftruncate(file_.get(), off_t(size)); }) == 0) return Sync();
  return SystemError(path_, errno);
}

Result<void> DurableFile::Commit(uint64_t size) {
  if (auto sealed = Seal(size); !sealed) return sealed;
  return Publish();
}

Result<void> DurableFile::Publish() {
  if (auto renamed = Rename(); !renamed) return renamed;
  return Finish();
}

DurableFile::Old DurableFile::OldOutput() const {
  struct stat status;
  if (lstat(target_.c_str(), &status) != 0) return Old::kNone;
  return overwrite_ || (status.st_mode & kMark) != 0 ? Old::kReplaceable : Old::kKept;
}

tl::unexpected<Error> DurableFile::Appeared() const {
  return Blame("output.overwrite",
               path_ + ": appeared during the run; `output.overwrite` overwrites it",
               ErrorCode::kIo);
}

Result<void> DurableFile::Rename() {
  struct stat held;
  struct stat named;
  if (fstat(file_.get(), &held) != 0) return SystemError(partial_, errno);
  const bool there = lstat(partial_.c_str(), &named) == 0;
  if (!there && errno != ENOENT) return SystemError(partial_, errno);
  if (!there || !SameFile(held, named)) {
    partial_.clear();  // not ours to remove
    return Fail(ErrorCode::kIo,
                fmt::format("{}: its .partial was removed or replaced during the run", path_));
  }
  int error = 0;
  if (overwrite_ || OldOutput() == Old::kReplaceable) {
    error = rename(partial_.c_str(), target_.c_str()) == 0 ? 0 : errno;
  } else {
    error = RenameToNew(partial_, target_);
    if (error == EEXIST) return Appeared();
  }
  if (error != 0) return SystemError(path_, error);
  partial_.clear();
  return {};
}

void DurableFile::Withdraw() {
  struct stat held;
  struct stat named;
  if (fstat(file_.get(), &held) == 0 && lstat(target_.c_str(), &named) == 0 &&
      SameFile(held, named)) {
    RemoveOwn(target_);
  }
}

Result<void> DurableFile::Finish() {
  auto synced = SyncFolderOf(target_);
  Unmark();
  return synced;
}

// Behind the sync of the folder: a power failure that kept this and not the name would leave a
// partial file that nobody takes for his.
void DurableFile::Unmark() {
  struct stat held;
  if (fstat(file_.get(), &held) == 0) fchmod(file_.get(), held.st_mode & 0777);
  static_cast<void>(Sync());  // what is in it is on the disk already
  file_.Close();
}

Result<void> PublishTogether(DurableFile& main, std::vector<DurableFile>& sides) {
  const bool has_main = main.is_open();
  const auto old = has_main ? main.OldOutput() : DurableFile::Old::kNone;
  if (old == DurableFile::Old::kKept) return main.Appeared();
  const bool replaces = old != DurableFile::Old::kNone;
  auto done = Result<void>();
  std::string removed;
  for (DurableFile& side : sides) {
    if (!done) break;
    if (!replaces) {
      done = side.Rename();
      continue;
    }
    const auto older = RemoveOlder(side.target_);
    if (!older || *older) removed += (removed.empty() ? "" : ", ") + side.path_;
    if (!older) done = Failed(older);
  }
  if (done && has_main) done = main.Rename();
  // Or a power failure might leave the new sides beside the old file.
  if (done && replaces && !sides.empty()) done = SyncFolderOf(main.target_);
  for (DurableFile& side : sides) {
    if (done && replaces) done = side.Rename();
  }
  if (!done) {
    for (DurableFile& side : sides) side.Withdraw();
    if (has_main && main.partial_.empty()) {
      done.error().message +=
          fmt::format("; {} is new and stands without what speaks of it", main.path_);
    }
    if (!removed.empty()) done.error().message += "; the older ones are gone: " + removed;
    return done;
  }
  std::set<std::string> folders;
  const auto finish = [&](DurableFile& file) {
    // One sync brings all names of a folder to the disk.
    if (folders.insert(std::filesystem::path(file.target_).parent_path()).second) {
      if (auto synced = SyncFolderOf(file.target_); done) done = synced;
    }
    file.Unmark();
  };
  for (DurableFile& side : sides) finish(side);
  if (has_main) finish(main);
  return done;
}

void DurableFile::Abandon() {
  if (!is_open()) return;
  writeback_.reset();
  if (!partial_.empty() && !kept_) RemoveOwn(partial_);
  file_.Close();
}

Result<uint64_t> DurableFile::Size() const {
  struct stat status;
  if (fstat(file_.get(), &status) != 0) return SystemError(path_, errno);
  return uint64_t(status.st_size);
}

std::string LeftoverOf(const std::string& path) {
  const Result<std::string> target = TargetOf(path);
  if (!target) return "";
  const std::string partial = *target + ".partial";
  struct stat status;
  const bool left = lstat(partial.c_str(), &status) == 0 && IsLeftover(status);
  return left ? partial : "";
}

bool IsFinished(const std::string& path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         (status.st_mode & kMark) == 0 && LeftoverOf(path).empty();
}

Result<bool> RemoveOlder(const std::string& path) {
  if (unlink(path.c_str()) != 0) {
    return errno == ENOENT ? Result<bool>(false) : SystemError(path, errno);
  }
  auto synced = SyncFolderOf(path, "is removed for a new one");
  return synced ? Result<bool>(true) : Failed(synced);
}

void RemoveLeftover(const std::string& path) {
  const Result<std::string> target = TargetOf(path);
  if (!target) return NoteTrouble(target.error().message);
  const std::string partial = *target + ".partial";
  struct stat status;
  const bool there = lstat(partial.c_str(), &status) == 0;
  if (!there && errno == ENOENT) return;
  if (!there || IsLeftover(status)) RemoveOwn(partial);
}

Result<void> WriteWholeFile(const std::string& path, std::string_view text, bool overwrite) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    // Waits for the reader of a FIFO.
    const Descriptor fd(Retried([&] { return open(path.c_str(), O_WRONLY | O_CLOEXEC); }));
    return fd.is_open() ? WriteAll(fd.get(), path, text) : Result<void>(SystemError(path, errno));
  }
  auto file = DurableFile::Create(path, overwrite);
  if (!file) return Failed(file);
  if (auto written = file->WriteAt(0, text.data(), text.size()); !written) return written;
  return file->Commit(text.size());
}

}  // namespace imnorm
