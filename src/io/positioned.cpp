// Loops over pwrite and pread until all is done.
#include "io/positioned.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>

#include "io/retried.h"

namespace imnorm {
namespace {

tl::unexpected<Error> SystemError(const std::string& name, int error) {
  return Fail(ErrorCode::kIo, fmt::format("{}: {}", name, std::strerror(error)));
}

}  // namespace

Result<void> WriteAllAt(int fd, uint64_t offset, const void* data, size_t size,
                        const std::string& name) {
  const char* from = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t n = Retried([&] { return pwrite(fd, from, size, off_t(offset)); });
    if (n < 0) return SystemError(name, errno);
    from += n;
    offset += uint64_t(n);
    size -= size_t(n);
  }
  return {};
}

Result<void> ReadAllAt(int fd, uint64_t offset, void* data, size_t size, const std::string& name) {
  char* to = static_cast<char*>(data);
  while (size > 0) {
    const ssize_t n = Retried([&] { return pread(fd, to, size, off_t(offset)); });
    if (n < 0) return SystemError(name, errno);
    if (n == 0) return Fail(ErrorCode::kIo, name + ": became shorter while it was read");
    to += n;
    offset += uint64_t(n);
    size -= size_t(n);
  }
  return {};
}

Result<void> ReserveSpace(int fd, uint64_t bytes, const std::string& name) {
  const bool reserved = Retried([&] { return fallocate(fd, 0, 0, off_t(bytes)); }) == 0;
  const int error = reserved ? 0 : errno;
  if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
    return Fail(ErrorCode::kIo,
                fmt::format("{}: {} bytes are needed: {}", name, bytes, std::strerror(error)));
  }
  return {};
}

}  // namespace imnorm
