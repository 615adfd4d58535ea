// The one owner of a file descriptor, and how files are opened that are only read.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "io/retried.h"

namespace imnorm {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(other.Release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  // Below 0 where opening failed; errno is then the reason.
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }
  void Close() { const Descriptor closed(Release()); }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// Opens without waiting: a FIFO in a file's place has no writer, and a terminal stays nobody's.
inline Descriptor OpenToRead(const std::string& path) {
  return Descriptor(
      Retried([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); }));
}

// Opens what may be a FIFO, as `<(find ...)` is, whose writer has to be waited for.
inline Descriptor OpenAndWait(const std::string& path) {
  return Descriptor(Retried([&] { return open(path.c_str(), O_RDONLY | O_CLOEXEC); }));
}

// Opens for lines that go behind what is there.
inline Descriptor OpenToAppend(const std::string& path) {
  constexpr int kFlags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY;
  return Descriptor(Retried([&] { return open(path.c_str(), kFlags, 0666); }));
}

// One's own of what somebody else opened.
inline Descriptor CopyOf(int fd) {
  constexpr int kBehindStandardStreams = 3;
  return Descriptor(fcntl(fd, F_DUPFD_CLOEXEC, kBehindStandardStreams));
}

}  // namespace imnorm
