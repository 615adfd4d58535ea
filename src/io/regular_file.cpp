// Opens first and looks then, so that what is looked at is what is read.
#include "io/regular_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "io/shortage.h"

namespace imnorm {
namespace {

tl::unexpected<Error> SystemError(int error) {
  if (IsShortage(error)) return Shortage(error);
  return Fail(error == ENOENT || error == ENOTDIR ? ErrorCode::kNotFound : ErrorCode::kIo,
              std::strerror(error));
}

// 0 or the error number.
int Open(const std::string& path, Descriptor& file, struct stat& status) {
  file = OpenToRead(path);
  return file.is_open() && fstat(file.get(), &status) == 0 ? 0 : errno;
}

}  // namespace

Result<RegularFile> OpenRegular(const std::string& path) {
  RegularFile opened;
  struct stat status;
  if (const int error = Open(path, opened.file, status); error != 0) return SystemError(error);
  if (S_ISDIR(status.st_mode)) {
    return Fail(ErrorCode::kUnsupported, "a folder, where a file is meant");
  }
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kUnsupported, "not a regular file");
  opened.bytes = uint64_t(status.st_size);
  return opened;
}

std::string BeginningOf(const std::string& path, size_t bytes, int* error) {
  Descriptor file;
  struct stat status;
  int failed = Open(path, file, status);
  std::string text;
  if (failed == 0 && S_ISREG(status.st_mode)) text.resize(bytes);
  size_t at = 0;
  while (at < text.size()) {
    const ssize_t got = Retried([&] { return read(file.get(), &text[at], text.size() - at); });
    if (got < 0) failed = errno;
    if (got <= 0) break;
    at += size_t(got);
  }
  text.resize(failed == 0 ? at : 0);
  if (error != nullptr) *error = failed;
  return text;
}

}  // namespace imnorm
