#include "decode/jpeg/scan.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>

#include "decode/jpeg/unstuff.h"

namespace imnorm::jpeg {
namespace {

// Enough that moving the rest to the front costs little, little enough to stay in L2.
constexpr size_t kPiece = 32768;
// A refilled buffer must hold a group even if every data byte was stuffed.
static_assert(kPiece / 2 > kGroupBytes);

constexpr uint8_t kRst0 = 0xd0;
constexpr uint8_t kEoi = 0xd9;

}  // namespace

// A group may read kGroupBytes past the data before the damage is seen; what it finds there is
// old bytes or zeros and decides nothing.
Scan::Scan() : buffer_(kGroupBytes + kPiece + std::max(kGroupBytes, kUnstuffSlack)) {
  for (HuffmanTable& table : dc_) table.spec = {};
  for (HuffmanTable& table : ac_) table.spec = {};
}

Reason Scan::PlanBlocks(const Header& header) {
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

Reason Scan::Start(const Header& header, std::span<const uint8_t> bytes) {
  if (const Reason reason = PlanBlocks(header); !reason.empty()) return reason;
  bytes_ = bytes;
  read_ = header.scan_begin;
  restart_interval_ = header.restart_interval;
  left_ = restart_interval_ > 0 ? restart_interval_ : std::numeric_limits<int64_t>::max();
  next_restart_ = 0;
  filled_ = 0;
  interval_ends_ = false;
  position_ = {buffer_.data(), 0};
  std::fill(std::begin(predictor_), std::end(predictor_), 0);
  return {};
}

void Scan::Refill() {
  const size_t used = size_t(position_.bit >> 3);
  if (interval_ends_ || filled_ - used >= kGroupBytes) return;
  std::memmove(buffer_.data(), buffer_.data() + used, filled_ - used);
  filled_ -= used;
  position_.bit &= 7;
  const size_t piece = std::min(kPiece, bytes_.size() - read_);
  const Unstuffed copied = Unstuff(bytes_.data() + read_, piece, buffer_.data() + filled_);
  read_ += copied.read;
  filled_ += copied.written;
  interval_ends_ = copied.at_marker || piece < kPiece;
}

Reason Scan::EndInterval() {
  Refill();  // its last bytes may not be in the buffer yet
  const uint64_t left = 8 * uint64_t(filled_) - position_.bit;
  if (!interval_ends_ || left >= 8) return "bits left over";
  if (left > 0) {
    const uint8_t padding = uint8_t((1u << left) - 1);
    if ((buffer_[filled_ - 1] & padding) != padding) return "padding that is not ones";
  }
  // What stands at read_ is a marker, or the file ends there.
  if (bytes_.size() - read_ < 2) return "no end of image";
  return {};
}

Reason Scan::NextInterval() {
  if (const Reason reason = EndInterval(); !reason.empty()) return reason;
  if (bytes_[read_ + 1] != kRst0 + next_restart_) return "restart marker missing";
  read_ += 2;
  next_restart_ = (next_restart_ + 1) % 8;
  left_ = restart_interval_;
  filled_ = 0;
  interval_ends_ = false;
  position_ = {buffer_.data(), 0};
  std::fill(std::begin(predictor_), std::end(predictor_), 0);
  return {};
}

// Turns differences into DCs; false: one is past 15 bits.
bool Scan::AddDifferences(Block* block, const Block* end) {
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

Reason Scan::DecodeGroup(int mcus) {
  Block* block = group_;
  while (mcus > 0) {
    if (left_ == 0) {
      if (const Reason reason = NextInterval(); !reason.empty()) return reason;
    }
    Refill();
    const int count = int(std::min<int64_t>(mcus, left_));
    Block* const end = block + count * blocks_;
    if (!DecodeBlocks(block, end, position_) || !AddDifferences(block, end)) {
      return "bad entropy-coded data";
    }
    if (position_.bit > 8 * uint64_t(filled_)) return "entropy-coded data cut short";
    left_ -= count;
    mcus -= count;
    block = end;
  }
  for (; block != group_ + kGroupMcus * blocks_; ++block) {
    std::fill_n(block->coefficients, 64, int16_t{0});
  }
  return {};
}

Reason Scan::Finish() {
  if (const Reason reason = EndInterval(); !reason.empty()) return reason;
  if (bytes_[read_ + 1] != kEoi) return "something else than the end of image";
  return {};
}

}  // namespace imnorm::jpeg
