// Looks 16-bit samples up in tables.
#include "kernels/map16.h"

#include <cstring>

namespace imnorm::kernels {

void MapRow16(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
              Layout layout, uint8_t* const* planes) {
  const size_t bytes = ElementBytes(table.dtype);
  const int channels = table.channels;
  for (int c = 0; c < channels; ++c) {
    const uint8_t* elements = static_cast<const uint8_t*>(table.channel(c));
    const size_t step = layout == Layout::kNchw ? bytes : bytes * size_t(channels);
    uint8_t* out = layout == Layout::kNchw ? planes[c] : planes[0] + size_t(c) * bytes;
    for (int x = 0; x < pixels; ++x, out += step) {
      uint16_t level;
      std::memcpy(&level, in + 2 * (size_t(x) * size_t(channels) + size_t(order[c])), sizeof level);
      std::memcpy(out, elements + level * bytes, bytes);
    }
  }
}

}  // namespace imnorm::kernels
