// A DurableFile written front to back in large pieces.
//
// Rules:    after an error it stays wrong: what the system could not write or sync may be missing,
//           though it says nothing of it the next time
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "io/durable_file.h"

namespace imnorm {

class DurableStream {
 public:
  // `written` bytes of it stand already.
  explicit DurableStream(DurableFile file, uint64_t written = 0)
      : file_(std::move(file)), written_(written) {}

  Result<void> Append(std::string_view text) {
    buffer_ += text;
    return buffer_.size() < kFlushBytes ? so_far_ : Flush();
  }
  // Brings what was appended to the disk; returns how many bytes that are.
  Result<uint64_t> Sync() {
    auto done = FlushAndSeal();
    return done ? Result<uint64_t>(written_) : Failed(done);
  }
  void Keep(bool keep) { file_.Keep(keep); }
  // Writes the rest and brings everything to the disk: the file is then to be published.
  Result<DurableFile> Seal() {
    auto done = FlushAndSeal();
    if (!done) return Failed(done);
    return std::move(file_);
  }
  Result<void> Commit() {
    return Seal().and_then([](DurableFile&& file) { return file.Publish(); });
  }

 private:
  static constexpr size_t kFlushBytes = 1 << 20;
  Result<void> Flush() {
    if (!so_far_) return so_far_;
    so_far_ = file_.WriteAt(written_, buffer_.data(), buffer_.size());
    written_ += buffer_.size();
    buffer_.clear();
    return so_far_;
  }
  Result<void> FlushAndSeal() {
    if (Flush()) so_far_ = file_.Seal(written_);
    return so_far_;
  }
  DurableFile file_;
  std::string buffer_;
  uint64_t written_ = 0;
  Result<void> so_far_;
};

}  // namespace imnorm
