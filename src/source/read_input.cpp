// Files by their path, members of archives from what was kept of them.
#include "source/read_input.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "io/shortage.h"
#include "source/member_store.h"

namespace imnorm {

Result<void> ReadInput(const Input& input, uint64_t max_bytes, std::vector<uint8_t>& bytes,
                       const Stop& stop) {
  if (input.refused != nullptr) return Failed(*input.refused);
  if (IsShortage(input.list_error)) return Shortage(input.list_error);
  if (input.list_error != 0) {
    return Fail(input.list_error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
                std::strerror(input.list_error));
  }
  if (input.store != nullptr) return input.store->Read(input.offset, input.bytes, bytes, stop);
  if (input.frame < 0) return ReadFile(input.path, max_bytes, /*skip_unknown=*/true, bytes, stop);
  return ReadFile(std::string(input.file()), max_bytes, /*skip_unknown=*/true, bytes, stop);
}

}  // namespace imnorm
