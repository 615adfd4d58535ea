// Reads an input whole, and never anything but a regular file.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "imnorm/inputs.h"
#include "imnorm/probe.h"
#include "io/regular_file.h"
#include "io/shortage.h"

namespace imnorm {
namespace {

// A buffer of half a gigabyte takes a while to be filled; so much at a time does not.
constexpr uint64_t kPiece = uint64_t{1} << 23;

// Appends up to `count` bytes; fewer only at the end of the file.
Result<void> Append(int fd, size_t count, std::vector<uint8_t>& bytes) {
  size_t at = bytes.size();
  bytes.resize(at + count);
  while (count > 0) {
    const ssize_t n = Retried([&] { return read(fd, bytes.data() + at, count); });
    if (n < 0 && IsShortage(errno)) return Shortage(errno);
    if (n < 0) return Fail(ErrorCode::kIo, std::strerror(errno));
    if (n == 0) break;
    at += size_t(n);
    count -= size_t(n);
  }
  bytes.resize(at);
  return {};
}

}  // namespace

Result<void> ReadFile(const std::string& path, uint64_t max_bytes, bool skip_unknown,
                      std::vector<uint8_t>& bytes, const Stop& stop) {
  constexpr size_t kHead = 512;  // all that names a format, tar's too
  bytes.clear();
  const auto opened = OpenRegular(path);
  if (!opened) return Failed(opened);
  const uint64_t size = opened->bytes;
  if (skip_unknown) {
    if (auto head = Append(opened->file.get(), kHead, bytes); !head) return head;
    if (SniffFormat(bytes).empty()) return {};
  }
  if (size > max_bytes) {
    return Fail(ErrorCode::kTooLarge,
                fmt::format("a file of {} bytes is over the limit of {}", size, max_bytes));
  }
  bytes.reserve(size);
  while (bytes.size() < size) {
    if (stop()) return Fail(ErrorCode::kCancelled, "stopped");
    const uint64_t wanted = std::min(size - bytes.size(), kPiece);
    const size_t before = bytes.size();
    if (auto piece = Append(opened->file.get(), wanted, bytes); !piece) return piece;
    if (bytes.size() - before < wanted) break;  // truncated meanwhile
  }
  return {};
}

}  // namespace imnorm
