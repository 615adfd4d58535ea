// Files that appear under their name only when they are complete and on disk.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "imnorm/error.h"
#include "io/writeback.h"

namespace imnorm {

// A file being written as PATH.partial, put under PATH by Commit.
//
// Rules:    the partial file is locked while it is open, so two runs cannot write the same output;
//           one left behind by a killed run is taken over. Without Commit it is removed.
// Threads:  WriteAt and ReadAt may be called by several threads at different offsets; the rest by
// one
class DurableFile {
 public:
  DurableFile() = default;
  ~DurableFile() { Abandon(); }
  DurableFile(DurableFile&& other) noexcept { *this = std::move(other); }
  DurableFile& operator=(DurableFile&& other) noexcept;

  // Errors:   kIo: the folder is missing or not writable, PATH is not a regular file, another run
  //           holds it; kBadArgument: PATH exists and `overwrite` is false
  static Result<DurableFile> Create(const std::string& path, bool overwrite);

  // Makes sure that `bytes` fit on the disk before the work; file systems without the call pass.
  // What is written from then on goes to the disk meanwhile.
  //
  // Errors:   kIo: no space
  Result<void> Reserve(uint64_t bytes);
  Result<void> WriteAt(uint64_t offset, const void* data, size_t size);

  // Errors:   kIo, also where the file ends before
  Result<void> ReadAt(uint64_t offset, void* data, size_t size) const;

  // Cuts to `size` and syncs.
  Result<void> Seal(uint64_t size);
  // Renames and syncs the folder.
  Result<void> Publish();
  // Both.
  Result<void> Commit(uint64_t size);
  void Abandon();

  bool is_open() const { return fd_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  int fd_ = -1;
  std::unique_ptr<Writeback> writeback_;  // of a large file whose size was reserved
  std::string path_;
  std::string partial_;
};

// Writes a small file whole through a DurableFile. A device or pipe (/dev/stdout) is written
// directly, since it cannot be replaced.
Result<void> WriteWholeFile(const std::string& path, std::string_view text, bool overwrite);

}  // namespace imnorm
