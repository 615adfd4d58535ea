// Unpacks the members of .npz files, which are read at random.
#include "tensor/located.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "io/temporary_file.h"

namespace imnorm {
namespace {

constexpr size_t kSpoolBlock = 1 << 20;

Result<void> WriteSpool(int fd, const uint8_t* from, size_t bytes) {
  while (bytes > 0) {
    const ssize_t written = Retried([&] { return write(fd, from, bytes); });
    if (written < 0) {
      return Fail(ErrorCode::kIo,
                  fmt::format("cannot be unpacked: {}; TMPDIR says where", strerror(errno)));
    }
    from += written;
    bytes -= size_t(written);
  }
  return {};
}

Result<void> Spool(NpzReader& reader, uint64_t bytes, int to) {
  std::vector<uint8_t> block(kSpoolBlock);
  while (bytes > 0) {
    const size_t part = size_t(std::min<uint64_t>(bytes, block.size()));
    auto done = reader.ReadElements(block.data(), part);
    if (done) done = WriteSpool(to, block.data(), part);
    if (!done) return done;
    bytes -= part;
  }
  return reader.ExpectEnd();
}

}  // namespace

Result<Located> SpoolMember(NpzReader& reader, TensorLayout layout) {
  auto spool = OpenTemporary();
  if (!spool) return Failed(spool);
  auto done = Spool(reader, layout.bytes, spool->get());
  if (!done) return Failed(done);
  layout.offset = 0;
  return Located{std::move(*spool), std::move(layout)};
}

}  // namespace imnorm
