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

}  // namespace

Result<RegularFile> OpenRegular(const std::string& path) {
  RegularFile opened;
  opened.file = OpenToRead(path);
  struct stat status;
  if (!opened.file.is_open() || fstat(opened.file.get(), &status) != 0) return SystemError(errno);
  if (S_ISDIR(status.st_mode)) {
    return Fail(ErrorCode::kUnsupported, "a folder, where a file is meant");
  }
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kUnsupported, "not a regular file");
  opened.bytes = uint64_t(status.st_size);
  return opened;
}

std::string BeginningOf(const std::string& path, size_t bytes) {
  const auto opened = OpenRegular(path);
  if (!opened) return "";
  std::string text(bytes, '\0');
  const ssize_t got = Retried([&] { return read(opened->file.get(), text.data(), bytes); });
  text.resize(got > 0 ? size_t(got) : 0);
  return text;
}

}  // namespace imnorm
