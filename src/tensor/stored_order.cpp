// Elements of a file brought to C order and little-endian.
#include "tensor/stored_order.h"

#include <algorithm>
#include <cstring>

namespace imnorm {

void SwapElements(uint8_t* elements, size_t count, size_t element_bytes) {
  if (element_bytes == 1) return;
  for (size_t i = 0; i < count; ++i, elements += element_bytes) {
    std::reverse(elements, elements + element_bytes);
  }
}

void GatherFortran(const uint8_t* stored, const std::vector<int64_t>& shape, size_t element_bytes,
                   int64_t first, int64_t count, uint8_t* out) {
  const size_t rank = shape.size();
  std::vector<int64_t> index(rank), step(rank);
  int64_t at = 0;  // of the current element in `stored`
  for (int64_t i = 0, elements = 1; i < int64_t(rank); elements *= shape[size_t(i)], ++i) {
    step[size_t(i)] = elements;
  }
  for (size_t i = rank; i-- > 0; first /= shape[i]) {
    index[i] = first % shape[i];
    at += index[i] * step[i];
  }
  for (; count > 0; --count, out += element_bytes) {
    std::memcpy(out, stored + size_t(at) * element_bytes, element_bytes);
    for (size_t i = rank; i-- > 0;) {
      at += step[i];
      if (++index[i] < shape[i]) break;
      at -= shape[i] * step[i];
      index[i] = 0;
    }
  }
}

}  // namespace imnorm
