// The members of an .npz file, one after another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "imnorm/error.h"
#include "tensor/tensor_layout.h"
#include "tensor/zip_module.h"

namespace imnorm {

// Walks a zip of .npy files, stored or deflated.
//
// Errors:   kCorrupt, with libarchive's own words; kInstallation: the zip module is missing
// Threads:  one at a time
class NpzReader {
 public:
  // Reads through `fd`, from its start; the caller keeps it open.
  static Result<NpzReader> Open(int fd, uint64_t file_bytes);

  // Goes to the next member whose name ends in .npy; false after the last.
  Result<bool> Next();

  // The member's name without ".npy": the array's name.
  const std::string& name() const { return name_; }

  // Reads the current member's .npy header. Its bytes are bounded by what the file could inflate
  // to, so that a header alone cannot make anybody allocate.
  Result<TensorLayout> ReadHeader();

  // Reads exactly `bytes` bytes of elements.
  Result<void> ReadElements(void* out, size_t bytes);

  // Checks that the member ends here; its checksum is verified by that.
  Result<void> ExpectEnd();

 private:
  struct Close {
    const ZipFunctions* zip;
    void operator()(void* open) const { zip->close(open); }
  };
  tl::unexpected<Error> Damage() const;
  Result<size_t> ReadSome(void* out, size_t bytes);

  const ZipFunctions* zip_ = nullptr;
  std::unique_ptr<void, Close> open_;
  uint64_t file_bytes_ = 0;
  std::string name_;
};

}  // namespace imnorm
