// libFuzzer: tensor files of any kind, whole and as bare headers.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "imnorm/tensor.h"
#include "tensor/tensor_layout.h"

namespace {

// A file in memory, since tensors are read by path.
std::string MemoryFile(const uint8_t* data, size_t size) {
  static const int fd = memfd_create("tensor", MFD_CLOEXEC);
  if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != ssize_t(size)) std::abort();
  return "/proc/self/fd/" + std::to_string(fd);
}

void ReadEnds(const imnorm::TensorFile& file) {
  const int64_t elements = file.elements();
  if (elements == 0) return;
  uint8_t one[8];
  // Open has promised that every element is in the file.
  if (!file.Read(0, 1, one) || !file.Read(elements - 1, 1, one)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)imnorm::ParseNpyHeader({data, size});
  (void)imnorm::ParseSafetensorsHeader({reinterpret_cast<const char*>(data), size}, size);
  const std::string path = MemoryFile(data, size);
  if (const auto file = imnorm::TensorFile::Open(path)) ReadEnds(*file);
  (void)imnorm::ReadTensors(path);
  return 0;
}
