// Writes to standard output without sleeping where a stop would not be seen.
#include "io/standard_output.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

namespace imnorm {
namespace {

tl::unexpected<Error> SystemError(int error) {
  return Fail(ErrorCode::kIo, fmt::format("stdout: {}", std::strerror(error)));
}

// Waits until a write of kPiece bytes would not sleep: a signal wakes only one thread of a process,
// which need not be the one that sleeps in a write to a pipe that nobody empties.
//
// Errors:   kIo where the system cannot wait, which it would say for ever
Result<bool> Wait(int milliseconds) {
  pollfd ready = {STDOUT_FILENO, POLLOUT, 0};
  const int count = poll(&ready, 1, milliseconds);
  if (count < 0 && errno != EINTR && errno != EAGAIN) return SystemError(errno);
  return count > 0;
}

// What poll promises room for in a pipe.
constexpr size_t kPiece = PIPE_BUF;
constexpr int kLook = 100;  // milliseconds

}  // namespace

Result<void> WriteStdout(std::string_view bytes, const Stop& stop) {
  while (!bytes.empty()) {
    size_t piece = bytes.size();
    if (stop) {
      if (stop()) return Fail(ErrorCode::kCancelled, "stopped");
      const auto ready = Wait(kLook);
      if (!ready) return Failed(ready);
      if (!*ready) continue;
      piece = std::min(piece, kPiece);
    }
    const ssize_t n = write(STDOUT_FILENO, bytes.data(), piece);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) {  // a pipe that its other end made non-blocking
      const auto ready = Wait(kLook);
      if (!ready) return Failed(ready);
      continue;
    }
    if (n < 0 && errno == EPIPE) return Fail(ErrorCode::kCancelled, "stdout was closed");
    if (n < 0) return SystemError(errno);
    bytes.remove_prefix(size_t(n));
  }
  return {};
}

}  // namespace imnorm
