// Makes temporary files that have no name.
#include "io/temporary_file.h"

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>

namespace imnorm {
std::string TemporaryFolder() {
  const char* folder = std::getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

Result<Descriptor> OpenTemporary(const std::string& folder) {
  const std::string where = folder.empty() ? TemporaryFolder() : folder;
  const auto no_file = [&](int error) {
    return Fail(ErrorCode::kIo,
                fmt::format("{}: no temporary file can be made there{}: {}", where,
                            folder.empty() ? " (TMPDIR says where)" : "", std::strerror(error)));
  };
  constexpr int kFlags = O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL;
  Descriptor file(Retried([&] { return open(where.c_str(), kFlags, 0600); }));
  if (file.is_open()) return file;
  // What file systems and kernels without O_TMPFILE say.
  if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL) return no_file(errno);
  std::string name = where + "/.imnorm-XXXXXX";
  file = Descriptor(Retried([&] { return mkostemp(name.data(), O_CLOEXEC); }));
  if (!file.is_open()) return no_file(errno);
  if (unlink(name.c_str()) != 0) {
    return Fail(ErrorCode::kIo, fmt::format("{}: a temporary file that cannot be removed: {}", name,
                                            std::strerror(errno)));
  }
  return file;
}

}  // namespace imnorm
