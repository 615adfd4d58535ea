#include "sink/standard_output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace imnorm {

Result<void> WriteStdout(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {  // a pipe that its other end made non-blocking
      pollfd ready = {STDOUT_FILENO, POLLOUT, 0};
      poll(&ready, 1, -1);
      continue;
    }
    if (n < 0 && errno == EPIPE) return Fail(ErrorCode::kCancelled, "stdout was closed");
    if (n < 0) return Fail(ErrorCode::kIo, fmt::format("stdout: {}", std::strerror(errno)));
    bytes.remove_prefix(size_t(n));
  }
  return {};
}

}  // namespace imnorm
