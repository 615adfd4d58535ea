// libFuzzer: archives of any kind, listed and every member read.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "source/archive.h"
#include "source/read_input.h"

namespace {

// A file in memory, since archives are read by path.
std::string MemoryFile(const uint8_t* data, size_t size) {
  static const int fd = memfd_create("archive", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != ssize_t(size)) std::abort();
  return "/proc/self/fd/" + std::to_string(fd);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string path = MemoryFile(data, size);
  const imnorm::InputOptions options;
  imnorm::Excludes excludes({"left/", "*.out"});
  imnorm::InputList list;
  if (!imnorm::ListArchive(path, 0, options, excludes, list)) std::abort();
  std::vector<uint8_t> bytes;
  for (const imnorm::Input& input : list.inputs) {
    if (input.key().starts_with("../") && input.refused == nullptr) std::abort();
    const auto read = imnorm::ReadInput(input, uint64_t{1} << 30, bytes);
    // What is not refused was kept whole.
    if (!read && input.refused == nullptr) std::abort();
    if (read && bytes.size() != input.bytes) std::abort();
  }
  return 0;
}
