// Whole reads and writes at an offset of an open file, and room for them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "imnorm/error.h"

namespace imnorm {

// Each goes on after signals and short counts; `name` says in errors which file it was.
//
// Errors:   kIo; ReadAllAt also where the file ends before
Result<void> WriteAllAt(int fd, uint64_t offset, const void* data, size_t size,
                        const std::string& name);
Result<void> ReadAllAt(int fd, uint64_t offset, void* data, size_t size, const std::string& name);

// Makes sure that `bytes` fit on the disk before the work; file systems without the call pass.
//
// Errors:   kIo: no space
Result<void> ReserveSpace(int fd, uint64_t bytes, const std::string& name);

}  // namespace imnorm
