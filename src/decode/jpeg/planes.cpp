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
  blocks_per_mcu_ = 0;
  const size_t groups = size_t(header.mcus_x + kGroupMcus - 1) / kGroupMcus;
  for (int c = 0; c < components_; ++c) {
    const Component& component = header.components[c];
    h_[c] = component.h;
    v_[c] = component.v;
    first_block_[c] = blocks_per_mcu_;
    blocks_per_mcu_ += h_[c] * v_[c];
    stride_[c] = groups * kGroupMcus * 8 * size_t(h_[c]) + 2 * kMargin;
    const size_t rows = 1 + 8 * size_t(v_[c]);
    const size_t size = stride_[c] * rows + kColorSlack;
    if (samples_[c].size() < size) samples_[c].resize(size);
    dequantizer_[c] = MakeDequantizer(header.quant[component.quant_slot]);
  }
}

bool Planes::AddGroup(int mcu_x, const Block* group) {
  for (int c = 0; c < components_; ++c) {
    // A row of the group has 4 * h blocks: h times four neighbours, from 4 / h MCUs each.
    for (int y = 0; y < v_[c]; ++y) {
      uint8_t* out = Row(c, 8 * y) + mcu_x * 8 * h_[c];
      for (int four = 0; four < h_[c]; ++four) {
        const int16_t* blocks[4];
        for (int i = 0; i < 4; ++i) {
          const int x = 4 * four + i;
          const int block = x / h_[c] * blocks_per_mcu_ + first_block_[c] + y * h_[c] + x % h_[c];
          blocks[i] = group[block].coefficients;
        }
        if (!TransformBlocks(blocks, dequantizer_[c], out + 32 * four, stride_[c])) return false;
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
