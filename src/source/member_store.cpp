// Members in a temporary file without a name.
#include "source/member_store.h"

#include <algorithm>
#include <utility>

#include "io/shortage.h"

namespace imnorm {

Result<MemberStore> MemberStore::Open() {
  auto file = Spool::Open("");
  if (!file) return Failed(file);
  return MemberStore(std::move(*file));
}

Result<void> MemberStore::Append(const void* data, size_t size) {
  const uint64_t at = size_;
  size_ += size;
  return file_.WriteAt(at, data, size);
}

Result<void> MemberStore::Read(uint64_t offset, uint64_t size, std::vector<uint8_t>& bytes,
                               const Stop& stop) const {
  constexpr uint64_t kPiece = uint64_t{1} << 23;
  bytes.resize(size_t(size));
  for (uint64_t at = 0; at < size; at += kPiece) {
    if (stop()) return Fail(ErrorCode::kCancelled, "stopped");
    const size_t piece = size_t(std::min(kPiece, size - at));
    if (auto read = file_.ReadAt(offset + at, bytes.data() + at, piece); !read) {
      return Blame(kTemporaryFiles, std::move(read.error().message), ErrorCode::kIo);
    }
  }
  return {};
}

}  // namespace imnorm
