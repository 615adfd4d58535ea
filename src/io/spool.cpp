// A temporary file, written and read by offsets.
#include "io/spool.h"

#include "io/positioned.h"
#include "io/temporary_file.h"

namespace imnorm {

Result<Spool> Spool::Open(const std::string& folder) {
  auto file = OpenTemporary(folder);
  if (!file) return Failed(file);
  const std::string where = folder.empty() ? TemporaryFolder() : folder;
  return Spool(std::move(*file),
               where + ": temporary file" + (folder.empty() ? " (TMPDIR says where)" : ""));
}

Result<void> Spool::Reserve(uint64_t bytes) { return ReserveSpace(file_.get(), bytes, name_); }

Result<void> Spool::WriteAt(uint64_t offset, const void* data, size_t size) {
  return WriteAllAt(file_.get(), offset, data, size, name_);
}

Result<void> Spool::ReadAt(uint64_t offset, void* data, size_t size) const {
  return ReadAllAt(file_.get(), offset, data, size, name_);
}

}  // namespace imnorm
