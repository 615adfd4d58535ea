// A DurableFile written front to back in large pieces.
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
    return buffer_.size() < kFlushBytes ? Result<void>() : Flush();
  }
  // Brings what was appended to the disk; returns how many bytes that are.
  Result<uint64_t> Sync() {
    auto done = Flush().and_then([&] { return file_.Seal(written_); });
    return done ? Result<uint64_t>(written_) : Failed(done);
  }
  void Keep(bool keep) { file_.Keep(keep); }
  // Writes the rest and brings everything to the disk: the file is then to be published.
  Result<DurableFile> Seal() {
    auto done = Flush().and_then([&] { return file_.Seal(written_); });
    if (!done) return Failed(done);
    return std::move(file_);
  }
  Result<void> Commit() {
    return Seal().and_then([](DurableFile&& file) { return file.Publish(); });
  }

 private:
  static constexpr size_t kFlushBytes = 1 << 20;
  Result<void> Flush() {
    auto written = file_.WriteAt(written_, buffer_.data(), buffer_.size());
    written_ += buffer_.size();
    buffer_.clear();
    return written;
  }
  DurableFile file_;
  std::string buffer_;
  uint64_t written_ = 0;
};

}  // namespace imnorm
