// Reads a list to its end.
#include "source/whole_text.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "io/descriptor.h"
#include "io/retried.h"

namespace imnorm {
namespace {

// Ten million paths of a hundred bytes; what goes on, such as /dev/zero, is no list.
constexpr size_t kLongestList = size_t{1} << 30;

tl::unexpected<Error> SystemError(const std::string& path) {
  return Fail(errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
              fmt::format("{}: {}", path, std::strerror(errno)));
}

}  // namespace

Result<std::string> ReadWholeText(const std::string& path, bool stops_at_nul) {
  Descriptor owned;
  int file = STDIN_FILENO;
  if (path != "-") {
    owned = OpenAndWait(path);
    if (!owned.is_open()) return SystemError(path);
    file = owned.get();
  }
  std::string text;
  char buffer[1 << 16];
  while (text.size() <= kLongestList) {
    const ssize_t n = Retried([&] { return read(file, buffer, sizeof buffer); });
    if (n < 0) return SystemError(path);
    if (n == 0) return text;
    text.append(buffer, size_t(n));
    if (stops_at_nul && std::memchr(buffer, '\0', size_t(n)) != nullptr) return text;
  }
  return Fail(ErrorCode::kTooLarge, fmt::format("{}: more than {} bytes", path, kLongestList));
}

}  // namespace imnorm
