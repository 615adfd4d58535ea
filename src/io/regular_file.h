// The one way to open a file that may be anything.
#pragma once

#include <cstdint>
#include <string>

#include "imnorm/error.h"
#include "io/descriptor.h"

namespace imnorm {

struct RegularFile {
  Descriptor file;
  uint64_t bytes = 0;
};

// Opens a file for reading if it is a regular one, without waiting for what is not.
//
// Errors:   kNotFound, kIo; kUnsupported: a folder, a FIFO, a device. Without the path
Result<RegularFile> OpenRegular(const std::string& path);

// What a regular file begins with, `bytes` of it at most; nothing of what is none, and where it
// cannot be read: then `error` is the reason, else 0.
std::string BeginningOf(const std::string& path, size_t bytes, int* error = nullptr);

}  // namespace imnorm
