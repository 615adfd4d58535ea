// Opening a tensor file and telling its kind by content.
#pragma once

#include <string>

#include "imnorm/error.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

// A file descriptor that closes itself.
class OwnedFd {
 public:
  explicit OwnedFd(int fd = -1) : fd_(fd) {}
  ~OwnedFd();
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

enum class TensorFormat { kNpy, kNpz, kSafetensors };

struct OpenedTensors {
  OwnedFd fd;
  uint64_t bytes = 0;
  TensorFormat format = TensorFormat::kNpy;
};

// Errors:   kNotFound, kIo (also where it is no regular file); kUnsupported: none of the formats
Result<OpenedTensors> OpenTensors(const std::string& path);

// Reads exactly `bytes` bytes at `offset`.
//
// Errors:   kIo; kCorrupt where the file ends first
Result<void> ReadAt(int fd, uint64_t offset, void* out, size_t bytes);

// The tensors of an opened .npy (one, nameless) or .safetensors file, offsets from its start.
Result<std::vector<SafetensorsEntry>> ListTensors(const OpenedTensors& file);

}  // namespace imnorm
