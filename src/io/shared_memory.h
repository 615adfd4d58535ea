// Memory that two processes see.
#pragma once

#include <cstdint>

#include "imnorm/error.h"
#include "io/descriptor.h"

namespace imnorm {

// A file in memory without a name, mapped whole; it only grows.
class SharedMemory {
 public:
  // Errors:   kIo: the system has none
  static Result<SharedMemory> Create(const char* name);
  // Of a file that another process has made.
  explicit SharedMemory(Descriptor file) : file_(std::move(file)) {}
  SharedMemory(SharedMemory&& other) noexcept;
  SharedMemory& operator=(SharedMemory&& other) noexcept;
  ~SharedMemory();

  // Makes it at least as long, as who created it.
  //
  // Errors:   kIo: a shortage
  Result<void> Grow(uint64_t bytes);
  // Maps what the other one has made longer.
  //
  // Errors:   kIo: a shortage
  Result<void> Map(uint64_t bytes);
  // Gives the pages back but keeps the length.
  void Forget();

  uint8_t* data() const { return data_; }
  uint64_t bytes() const { return bytes_; }
  int fd() const { return file_.get(); }

 private:
  Descriptor file_;
  uint8_t* data_ = nullptr;
  uint64_t bytes_ = 0;
};

}  // namespace imnorm
