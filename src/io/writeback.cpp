// Starts writing pieces of a file to the disk while later ones are made.
#include "io/writeback.h"

#include <fcntl.h>

#include <system_error>

namespace imnorm {

Writeback::Writeback(int fd) {
  try {
    thread_ = std::thread([this, fd] { Run(fd); });
  } catch (const std::system_error&) {
    // No thread to be had: the sync at the end does it all.
  }
}

Writeback::~Writeback() {
  if (!thread_.joinable()) return;
  ends_ = true;
  ++pieces_;
  pieces_.notify_one();
  thread_.join();
}

void Writeback::Wrote(size_t bytes) {
  const uint64_t before = bytes_.fetch_add(bytes);
  if (before / kPiece == (before + bytes) / kPiece) return;
  ++pieces_;
  pieces_.notify_one();
}

void Writeback::Run(int fd) {
  uint32_t seen = 0;
  while (true) {
    pieces_.wait(seen);
    seen = pieces_;
    if (ends_) return;
    // Only begins the writing; what it says is said again by fsync.
    static_cast<void>(sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
  }
}

}  // namespace imnorm
