// Buffers that are kept from picture to picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace imnorm::png {

// Makes room for `size` bytes; never shrinks, so that nothing is cleared again for the next
// picture.
inline void Grow(std::vector<uint8_t>& buffer, size_t size) {
  if (buffer.size() < size) buffer.resize(size);
}

}  // namespace imnorm::png
