// What is written first and read back later, in a file that nobody else sees.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "imnorm/error.h"
#include "io/descriptor.h"

namespace imnorm {

// A temporary file by offsets. It has no name, so a killed run leaves nothing of it.
//
// Threads:  WriteAt and ReadAt may be called by several threads at different offsets
class Spool {
 public:
  // In `folder`; "" is where temporary files go.
  //
  // Errors:   as OpenTemporary
  static Result<Spool> Open(const std::string& folder);

  // Errors:   kIo, naming the folder
  Result<void> Reserve(uint64_t bytes);
  Result<void> WriteAt(uint64_t offset, const void* data, size_t size);
  Result<void> ReadAt(uint64_t offset, void* data, size_t size) const;

 private:
  Spool(Descriptor file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}

  Descriptor file_;
  std::string name_;
};

}  // namespace imnorm
