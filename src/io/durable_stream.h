// A DurableFile written front to back in large pieces.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "io/durable_file.h"

namespace imnorm {

class DurableStream {
 public:
  explicit DurableStream(DurableFile file) : file_(std::move(file)) {}

  Result<void> Append(std::string_view text) {
    buffer_ += text;
    return buffer_.size() < kFlushBytes ? Result<void>() : Flush();
  }
  Result<void> Commit() {
    if (auto flushed = Flush(); !flushed) return flushed;
    return file_.Commit(written_);
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
