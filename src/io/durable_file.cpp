#include "io/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace imnorm {
namespace {

tl::unexpected<Error> SystemError(const std::string& path, int error) {
  return Fail(ErrorCode::kIo, fmt::format("{}: {}", path, std::strerror(error)));
}

Result<void> SyncFolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A folder that may be written but not read (a drop box) cannot be synced either.
  if (fd < 0) return errno == EACCES ? Result<void>() : SystemError(folder, errno);
  // Some file systems refuse to sync folders (EINVAL): the file itself is synced by then.
  const int error = fsync(fd) != 0 && errno != EINVAL ? errno : 0;
  close(fd);
  if (error != 0) return SystemError(folder, error);
  return {};
}

Result<void> WriteAll(int fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(path, errno);
    text.remove_prefix(size_t(n));
  }
  return {};
}

// Whether a new file may come to stand under `path`.
Result<void> MayBecome(const std::string& path, bool overwrite) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0) return {};
  if (!S_ISREG(status.st_mode)) {
    return Fail(ErrorCode::kIo, path + ": is no regular file, so it cannot be the output");
  }
  if (!overwrite) {
    return Fail(ErrorCode::kBadArgument, path + ": exists already; --force overwrites it");
  }
  return {};
}

// False if another process holds the file. Where the file system has no locks nobody can.
bool Lock(int fd) { return flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK; }

}  // namespace

DurableFile& DurableFile::operator=(DurableFile&& other) noexcept {
  Abandon();
  fd_ = std::exchange(other.fd_, -1);
  writeback_ = std::move(other.writeback_);
  path_ = std::move(other.path_);
  partial_ = std::move(other.partial_);
  return *this;
}

Result<DurableFile> DurableFile::Create(const std::string& path, bool overwrite) {
  if (auto may = MayBecome(path, overwrite); !may) return tl::unexpected<Error>(may.error());
  DurableFile file;
  file.path_ = path;
  const std::string partial = path + ".partial";
  file.fd_ = open(partial.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (file.fd_ < 0) return SystemError(partial, errno);
  // Between open and lock another run may have put this very file under its final name: then the
  // name no longer leads to it, and it must not be touched.
  struct stat held;
  struct stat named;
  const bool ours = Lock(file.fd_) && fstat(file.fd_, &held) == 0 &&
                    stat(partial.c_str(), &named) == 0 && held.st_ino == named.st_ino &&
                    held.st_dev == named.st_dev;
  if (!ours) {
    close(std::exchange(file.fd_, -1));
    return Fail(ErrorCode::kIo, partial + ": another run is writing it");
  }
  file.partial_ = partial;
  // That other run may have finished between the first look and the lock.
  if (auto may = MayBecome(path, overwrite); !may) return tl::unexpected<Error>(may.error());
  if (ftruncate(file.fd_, 0) != 0) return SystemError(partial, errno);
  return file;
}

Result<void> DurableFile::Reserve(uint64_t bytes) {
  int error = 0;
  do {
    error = fallocate(fd_, 0, 0, off_t(bytes)) != 0 ? errno : 0;
  } while (error == EINTR);
  if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
    return Fail(ErrorCode::kIo,
                fmt::format("{}: {} bytes are needed: {}", path_, bytes, std::strerror(error)));
  }
  if (bytes > Writeback::kPiece) writeback_ = std::make_unique<Writeback>(fd_);
  return {};
}

Result<void> DurableFile::WriteAt(uint64_t offset, const void* data, size_t size) {
  const char* from = static_cast<const char*>(data);
  const size_t all = size;
  while (size > 0) {
    const ssize_t n = pwrite(fd_, from, size, off_t(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(path_, errno);
    from += n;
    offset += uint64_t(n);
    size -= size_t(n);
  }
  if (writeback_) writeback_->Wrote(all);
  return {};
}

Result<void> DurableFile::ReadAt(uint64_t offset, void* data, size_t size) const {
  char* to = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = pread(fd_, to, size, off_t(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError(partial_, errno);
    if (n == 0) return Fail(ErrorCode::kIo, partial_ + ": became shorter while it was read");
    to += n;
    offset += uint64_t(n);
    size -= size_t(n);
  }
  return {};
}

Result<void> DurableFile::Seal(uint64_t size) {
  writeback_.reset();
  if (ftruncate(fd_, off_t(size)) != 0 || fsync(fd_) != 0) return SystemError(partial_, errno);
  return {};
}

Result<void> DurableFile::Commit(uint64_t size) {
  if (auto sealed = Seal(size); !sealed) return sealed;
  return Publish();
}

Result<void> DurableFile::Publish() {
  if (rename(partial_.c_str(), path_.c_str()) != 0) return SystemError(path_, errno);
  partial_.clear();
  close(std::exchange(fd_, -1));
  return SyncFolderOf(path_);
}

void DurableFile::Abandon() {
  if (fd_ < 0) return;
  writeback_.reset();
  if (!partial_.empty()) unlink(partial_.c_str());
  close(std::exchange(fd_, -1));
}

Result<void> WriteWholeFile(const std::string& path, std::string_view text, bool overwrite) {
  struct stat status;
  if (stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
    const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return SystemError(path, errno);
    auto written = WriteAll(fd, path, text);
    close(fd);
    return written;
  }
  auto file = DurableFile::Create(path, overwrite);
  if (!file) return tl::unexpected<Error>(std::move(file.error()));
  if (auto written = file->WriteAt(0, text.data(), text.size()); !written) return written;
  return file->Commit(text.size());
}

}  // namespace imnorm
