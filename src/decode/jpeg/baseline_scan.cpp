// BaselineScan: the entropy loop over intervals, differences to DCs, blocks to rows of blocks.
#include "decode/jpeg/baseline_scan.h"

#include <algorithm>
#include <iterator>

namespace imnorm::jpeg {

static_assert(kGroupBytes <= BitSource::kMostAhead);

BaselineScan::BaselineScan() : source_(kGroupBytes) {
  for (HuffmanTable& table : dc_) table.spec = {};
  for (HuffmanTable& table : ac_) table.spec = {};
}

Reason BaselineScan::PlanBlocks(const Header& header) {
  blocks_ = 0;
  for (int c = 0; c < header.component_count; ++c) {
    const Component& component = header.components[c];
    HuffmanTable& dc = dc_[component.dc_slot];
    HuffmanTable& ac = ac_[component.ac_slot];
    if (const Reason r = BuildDcTable(header.dc[component.dc_slot], dc); !r.empty()) return r;
    if (const Reason r = BuildAcTable(header.ac[component.ac_slot], ac); !r.empty()) return r;
    for (int i = 0; i < component.h * component.v; ++i) {
      Block& block = group_[blocks_++];
      block.component = c;
      block.dc = &dc;
      block.ac = &ac;
    }
  }
  for (int i = 0; i < blocks_; ++i) group_[i].next_dc = group_[(i + 1) % blocks_].dc;
  for (int i = blocks_; i < kGroupMcus * blocks_; ++i) group_[i] = group_[i - blocks_];
  return {};
}

// Finds the blocks that stand side by side in the picture: h of them from each MCU.
void BaselineScan::PlanRows(const Header& header) {
  const int16_t** out = in_rows_;
  int first = 0;  // of the component, in an MCU
  for (int c = 0; c < header.component_count; ++c) {
    const Component& component = header.components[c];
    for (int y = 0; y < component.v; ++y) {
      for (int x = 0; x < kGroupMcus * component.h; ++x) {
        const int in_mcu = first + y * component.h + x % component.h;
        *out++ = group_[x / component.h * blocks_ + in_mcu].coefficients;
      }
    }
    first += component.h * component.v;
  }
}

Reason BaselineScan::Start(const Header& header, std::span<const uint8_t> bytes) {
  if (const Reason reason = PlanBlocks(header); !reason.empty()) return reason;
  PlanRows(header);
  bytes_ = bytes;
  source_.Start(bytes, header.scan_begin, header.restart_interval);
  std::fill(std::begin(predictor_), std::end(predictor_), 0);
  return {};
}

// Turns differences into DCs; false: one is past 15 bits.
bool BaselineScan::AddDifferences(Block* block, const Block* end) {
  uint32_t damaged = 0;
  for (; block != end; ++block) {
    // Unsigned: a damaged stream may run past any type.
    uint32_t& predictor = predictor_[block->component];
    predictor += uint32_t(int32_t{block->coefficients[0]});
    damaged |= (predictor + 0x4000u) >> 15;
    block->coefficients[0] = int16_t(predictor);
  }
  return damaged == 0;
}

Reason BaselineScan::DecodeGroup(int mcus) {
  Block* block = group_;
  while (mcus > 0) {
    if (source_.left() == 0) {
      if (const Reason reason = source_.NextInterval(); !reason.empty()) return reason;
      std::fill(std::begin(predictor_), std::end(predictor_), 0);
    }
    source_.Refill();
    const int count = int(std::min<int64_t>(mcus, source_.left()));
    Block* const end = block + count * blocks_;
    if (!DecodeBlocks(block, end, source_.position()) || !AddDifferences(block, end)) {
      return "bad entropy-coded data";
    }
    if (const Reason reason = source_.Use(count); !reason.empty()) return reason;
    mcus -= count;
    block = end;
  }
  for (; block != group_ + kGroupMcus * blocks_; ++block) {
    std::fill_n(block->coefficients, 64, int16_t{0});
  }
  return {};
}

Reason BaselineScan::Finish() {
  size_t end = 0;
  if (const Reason reason = source_.Finish(end); !reason.empty()) return reason;
  if (bytes_[end + 1] != kEoi) return "something else than the end of image";
  return {};
}

}  // namespace imnorm::jpeg
