// Writes the header of an .npy file.
#include <fmt/format.h>

#include "imnorm/tensor.h"

namespace imnorm {

std::string NpyHeader(const std::string& descr, const std::vector<int64_t>& shape, size_t reserve) {
  std::string sides;
  for (size_t i = 0; i < shape.size(); ++i) {
    sides += fmt::format("{}{}", i == 0 ? "" : ", ", shape[i]);
  }
  if (shape.size() == 1) sides += ",";
  const std::string dict =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, sides);
  constexpr size_t kPrefix = 10;  // magic, version, length
  constexpr size_t kAlignment = 64;
  const size_t wanted = std::max(kPrefix + dict.size() + 1, reserve);
  const size_t total = (wanted + kAlignment - 1) / kAlignment * kAlignment;
  const size_t length = total - kPrefix;
  std::string header("\x93NUMPY\x01\x00", 8);
  header += char(length & 0xff);
  header += char(length >> 8);
  header += dict;
  header.append(total - 1 - header.size(), ' ');
  header += '\n';
  return header;
}

}  // namespace imnorm
