// Planes: four neighbouring blocks at a time to their place in the rows.
#include "decode/jpeg/planes.h"

#include <algorithm>
#include <cstring>

#include "decode/jpeg/color.h"
#include "decode/jpeg/entropy.h"
#include "decode/jpeg/upsample.h"

namespace imnorm::jpeg {

static_assert(Planes::kMargin >= kUpsampleSlack);

void Planes::Start(const Header& header) {
  components_ = header.component_count;
  const size_t groups = size_t(header.mcus_x + kGroupMcus - 1) / kGroupMcus;
  for (int c = 0; c < components_; ++c) {
    const Component& component = header.components[c];
    h_[c] = component.h;
    v_[c] = component.v;
    stride_[c] = groups * kGroupMcus * 8 * size_t(h_[c]) + 2 * kMargin;
    const size_t rows = 1 + 8 * size_t(v_[c]);
    const size_t size = stride_[c] * rows + kColorSlack;
    if (samples_[c].size() < size) samples_[c].resize(size);
    dequantizer_[c] = MakeDequantizer(header.quant[component.quant_slot]);
  }
}

bool Planes::AddGroup(int mcu_x, const int16_t* const* blocks) {
  for (int c = 0; c < components_; ++c) {
    for (int y = 0; y < v_[c]; ++y) {
      uint8_t* out = Row(c, 8 * y) + mcu_x * 8 * h_[c];
      for (int x = 0; x < kGroupMcus * h_[c]; x += 4, blocks += 4, out += 32) {
        if (!TransformBlocks(blocks, dequantizer_[c], out, stride_[c])) return false;
      }
    }
  }
  return true;
}

void Planes::KeepLastRows() {
  for (int c = 0; c < components_; ++c) {
    std::memcpy(Row(c, -1) - kMargin, Row(c, 8 * v_[c] - 1) - kMargin, stride_[c]);
  }
}

}  // namespace imnorm::jpeg
