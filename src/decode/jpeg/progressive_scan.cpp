// ProgressiveScan: lines of blocks or MCUs in chunks, each with one of four loops.
#include "decode/jpeg/progressive_scan.h"

#include <algorithm>
#include <iterator>

#include "decode/jpeg/refine.h"

namespace imnorm::jpeg {
namespace {

// Units between two looks at the end of the data.
constexpr int kChunk = 64;
constexpr size_t kChunkBytes = kChunk * std::max(kBandBytes, kMaxBlocksPerMcu* kDcBytes) + 16;
static_assert(kChunkBytes <= BitSource::kMostAhead);

}  // namespace

ProgressiveScan::ProgressiveScan() : source_(kChunkBytes) {}

void ProgressiveScan::Start(const Header& header, const ScanSpec& spec,
                            const HuffmanTable* const* tables, std::span<const uint8_t> bytes) {
  header_ = &header;
  spec_ = &spec;
  source_.Start(bytes, spec.begin, spec.restart_interval);
  band_ = {spec.begin_k, spec.last_k, spec.low_bits, tables[0]};
  ended_blocks_ = 0;
  std::copy_n(tables, kMaxComponents, dc_tables_);
  std::fill(std::begin(predictor_), std::end(predictor_), 0);
}

Reason ProgressiveScan::NextInterval() {
  // libjpeg-turbo forgets such blocks at a restart marker, without a word.
  if (ended_blocks_ != 0) return "blocks that end past their interval";
  std::fill(std::begin(predictor_), std::end(predictor_), 0);
  return source_.NextInterval();
}

// Lists the blocks of a line's first unit.
int ProgressiveScan::PlanDcs(int y, ComponentRow* rows) {
  int count = 0;
  for (int i = 0; i < spec_->count; ++i) {
    ComponentRow& row = rows[spec_->component[i]];
    const int h = spec_->count == 1 ? 1 : row.h;
    const int v = spec_->count == 1 ? 1 : row.v;
    for (int block = 0; block < h * v; ++block) {
      ZigzagBlock& first = row.blocks[size_t((y + block / h) * row.stride + block % h)];
      places_[count++] = {first.at, ptrdiff_t{64} * h, dc_tables_[i], &predictor_[i]};
    }
  }
  return count;
}

Reason ProgressiveScan::DecodeUnits(int x, int count, int y, ComponentRow* rows) {
  BitPosition& position = source_.position();
  bool sound = true;
  if (spec_->is_dc()) {
    DcPlace places[kMaxBlocksPerMcu];
    for (int i = 0; i < place_count_; ++i) {
      places[i] = places_[i];
      places[i].coefficient += x * places[i].step;
    }
    if (spec_->refines()) {
      RefineDcs(places, place_count_, count, spec_->low_bits, position);
    } else {
      sound = DecodeDcs(places, place_count_, count, spec_->low_bits, position);
    }
  } else {
    ComponentRow& row = rows[spec_->component[0]];
    const size_t first = size_t(y) * size_t(row.stride) + size_t(x);
    if (spec_->refines()) {
      const RefinedMasks masks{row.nonzero.data() + first, row.negative.data() + first,
                               row.plane[spec_->low_bits].data() + first};
      sound = RefineBand(masks, count, band_, position, ended_blocks_);
    } else {
      ZigzagBlock* const block = row.blocks.data() + first;
      sound = DecodeBand(block, block + count, band_, position, ended_blocks_);
    }
  }
  if (!sound) return "bad entropy-coded data";
  return source_.Use(count);
}

// A line of units: all of an MCU row where components are interleaved, else one row of blocks.
Reason ProgressiveScan::DecodeLine(int y, int width, ComponentRow* rows) {
  if (spec_->is_dc()) place_count_ = PlanDcs(y, rows);
  for (int x = 0; x < width;) {
    if (source_.left() == 0) {
      if (const Reason reason = NextInterval(); !reason.empty()) return reason;
    }
    source_.Refill();
    const int count = int(std::min<int64_t>({kChunk, width - x, source_.left()}));
    if (const Reason reason = DecodeUnits(x, count, y, rows); !reason.empty()) return reason;
    x += count;
  }
  return {};
}

Reason ProgressiveScan::DecodeRow(int mcu_y, ComponentRow* rows) {
  if (spec_->count > 1) return DecodeLine(0, header_->mcus_x, rows);
  const ComponentRow& row = rows[spec_->component[0]];
  const int lines = std::min(row.v, row.blocks_y - mcu_y * row.v);
  for (int y = 0; y < lines; ++y) {
    if (const Reason reason = DecodeLine(y, row.blocks_x, rows); !reason.empty()) return reason;
  }
  return {};
}

Reason ProgressiveScan::Finish() {
  if (ended_blocks_ != 0) return "blocks that end past the picture";
  size_t end = 0;
  if (const Reason reason = source_.Finish(end); !reason.empty()) return reason;
  return end == spec_->end ? Reason() : "restart marker out of place";
}

}  // namespace imnorm::jpeg
