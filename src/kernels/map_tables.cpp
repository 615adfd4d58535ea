// Looks samples up in tables.
#include "kernels/map_tables.h"

#include <cstring>

namespace imnorm::kernels {
namespace {

template <typename Level>
void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes) {
  const size_t bytes = ElementBytes(table.dtype);
  const auto channels = size_t(table.channels);
  for (size_t c = 0; c < channels; ++c) {
    const uint8_t* elements = static_cast<const uint8_t*>(table.channel(int(c)));
    const size_t step = layout == Layout::kNchw ? bytes : bytes * channels;
    uint8_t* out = layout == Layout::kNchw ? planes[c] : planes[0] + c * bytes;
    for (int x = 0; x < pixels; ++x, out += step) {
      Level level;
      std::memcpy(&level, in + sizeof level * (size_t(x) * channels + size_t(order[c])),
                  sizeof level);
      std::memcpy(out, elements + level * bytes, bytes);
    }
  }
}

}  // namespace

void MapRowByTables(const ValueTable& table, const uint8_t* in, int pixels, const int* order,
                    Layout layout, uint8_t* const* planes) {
  const auto map = table.levels == 256 ? MapRow<uint8_t> : MapRow<uint16_t>;
  map(table, in, pixels, order, layout, planes);
}

}  // namespace imnorm::kernels
