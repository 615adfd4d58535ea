// memfd_create and mmap.
#include "io/shared_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "io/retried.h"
#include "io/shortage.h"

namespace imnorm {

Result<SharedMemory> SharedMemory::Create(const char* name) {
  Descriptor file(memfd_create(name, MFD_CLOEXEC));
  if (!file.is_open()) return Shortage(errno);
  return SharedMemory(std::move(file));
}

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : file_(std::move(other.file_)),
      data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}

SharedMemory::~SharedMemory() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

Result<void> SharedMemory::Grow(uint64_t bytes) {
  if (bytes <= bytes_) return {};
  constexpr uint64_t kStep = uint64_t{1} << 20;
  bytes = (std::max(bytes, bytes_ + bytes_ / 4) + kStep - 1) / kStep * kStep;
  if (Retried([&] { return ftruncate(fd(), off_t(bytes)); }) != 0) return Shortage(errno);
  return Map(bytes);
}

Result<void> SharedMemory::Map(uint64_t bytes) {
  if (bytes <= bytes_) return {};
  void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd(), 0);
  if (mapped == MAP_FAILED) return Shortage(errno);
  if (data_ != nullptr) munmap(data_, bytes_);
  data_ = static_cast<uint8_t*>(mapped);
  bytes_ = bytes;
  return {};
}

void SharedMemory::Forget() {
  if (data_ != nullptr) madvise(data_, bytes_, MADV_REMOVE);
}

}  // namespace imnorm
