// ComponentRow: buffers that only grow, cleared once an MCU row.
#include "decode/jpeg/component_row.h"

#include <algorithm>
#include <cstring>

namespace imnorm::jpeg {
namespace {

int CeilDiv(int a, int b) { return (a + b - 1) / b; }

}  // namespace

void ComponentRow::Start(const Header& header, int component, unsigned planes) {
  const Component& parameters = header.components[component];
  h = parameters.h;
  v = parameters.v;
  blocks_x = CeilDiv(header.width * h, 8 * header.h_max);
  blocks_y = CeilDiv(header.height * v, 8 * header.v_max);
  stride = CeilDiv(header.mcus_x, kGroupMcus) * kGroupMcus * h;
  const size_t count = size_t(stride) * size_t(v);
  // One more: in a damaged file a band's last coefficient may lie 15 places behind its block.
  if (blocks.size() < count + 1) blocks.resize(count + 1);
  refined = planes != 0;
  if (refined && nonzero.size() < count) {
    nonzero.resize(count);
    negative.resize(count);
  }
  for (int i = 0; i < kMaxLowBits; ++i) {
    plane_used[i] = (planes >> i & 1) != 0;
    if (plane_used[i] && plane[i].size() < count) plane[i].resize(count);
  }
}

void ComponentRow::Clear() {
  const size_t count = size_t(stride) * size_t(v);
  std::memset(blocks.data(), 0, count * sizeof(ZigzagBlock));
  if (!refined) return;
  std::fill_n(nonzero.data(), count, uint64_t{0});
  std::fill_n(negative.data(), count, uint64_t{0});
  for (int i = 0; i < kMaxLowBits; ++i) {
    if (plane_used[i]) std::fill_n(plane[i].data(), count, uint64_t{0});
  }
}

}  // namespace imnorm::jpeg
