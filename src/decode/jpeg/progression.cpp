// Progression: tables for the scans, then MCU row after MCU row through all of them.
#include "decode/jpeg/progression.h"

#include "decode/jpeg/assemble.h"
#include "decode/jpeg/band_tables.h"

namespace imnorm::jpeg {

HuffmanTable& Progression::NextTable() {
  if (tables_used_ == tables_.size()) tables_.push_back(std::make_unique<HuffmanTable>());
  HuffmanTable& table = *tables_[tables_used_++];
  table.spec = {};
  return table;
}

Reason Progression::BuildTables(const ScanSpec& spec, const HuffmanTable** tables) {
  if (!spec.is_dc()) {
    HuffmanTable& table = NextTable();
    tables[0] = &table;
    return spec.refines() ? BuildRefinementTable(spec.ac, table)
                          : BuildBandTable(spec.ac, spec.last_k == 63, spec.low_bits, table);
  }
  for (int i = 0; i < spec.count && !spec.refines(); ++i) {
    for (int other = 0; other < i; ++other) {
      if (spec.dc[other] == spec.dc[i]) tables[i] = tables[other];
    }
    if (tables[i] != nullptr) continue;
    HuffmanTable& table = NextTable();
    tables[i] = &table;
    if (const Reason reason = BuildDcTable(spec.dc[i], table); !reason.empty()) return reason;
  }
  return {};
}

// Which bits are refined, and where masks must be made of coefficients: before the first refinement
// of a component, and wherever another band came in between.
void Progression::PlanRows() {
  marks_first_.assign(script_.count, false);
  for (int c = 0; c < header_->component_count; ++c) {
    unsigned planes = 0;
    bool unmarked = false;
    for (size_t i = 0; i < script_.count; ++i) {
      const ScanSpec& spec = script_.scans[i];
      if (spec.is_dc() || spec.component[0] != c) continue;
      if (spec.refines()) {
        planes |= 1u << spec.low_bits;
        marks_first_[i] = unmarked;
      }
      unmarked = !spec.refines();
    }
    rows_[c].Start(*header_, c, planes);
  }
}

Reason Progression::Start(const Header& header, std::span<const uint8_t> bytes) {
  header_ = &header;
  if (const Reason reason = ReadScript(bytes, header, script_); !reason.empty()) return reason;
  if (scans_.size() < script_.count) scans_.resize(script_.count);
  tables_used_ = 0;
  for (size_t i = 0; i < script_.count; ++i) {
    const HuffmanTable* tables[kMaxComponents] = {};
    const ScanSpec& spec = script_.scans[i];
    if (const Reason reason = BuildTables(spec, tables); !reason.empty()) return reason;
    scans_[i].Start(header, spec, tables, bytes);
  }
  PlanRows();
  for (size_t i = 0; i < std::size(in_rows_); ++i) in_rows_[i] = group_.coefficients[i];
  return {};
}

Reason Progression::DecodeRow(int mcu_y) {
  for (int c = 0; c < header_->component_count; ++c) rows_[c].Clear();
  for (size_t i = 0; i < script_.count; ++i) {
    if (marks_first_[i]) {
      ComponentRow& row = rows_[script_.scans[i].component[0]];
      MarkNonzero(row.blocks.data(), size_t(row.stride) * size_t(row.v), row.nonzero.data());
    }
    if (const Reason reason = scans_[i].DecodeRow(mcu_y, rows_); !reason.empty()) return reason;
  }
  return {};
}

const int16_t* const* Progression::AssembleGroup(int mcu_x) {
  int16_t* out = group_.coefficients[0];
  for (int c = 0; c < header_->component_count; ++c) {
    const ComponentRow& row = rows_[c];
    for (int y = 0; y < row.v; ++y) {
      for (int x = 0; x < kGroupMcus * row.h; x += 4, out += 4 * 64) {
        const size_t first = size_t(y * row.stride + mcu_x * row.h + x);
        RefinedBits bits;
        if (row.refined) {
          bits.negative = row.negative.data() + first;
          for (int i = 0; i < kMaxLowBits; ++i) {
            if (row.plane_used[i]) bits.plane[i] = row.plane[i].data() + first;
          }
        }
        AssembleBlocks(row.blocks.data() + first, bits, out);
      }
    }
  }
  return in_rows_;
}

Reason Progression::Finish() {
  for (size_t i = 0; i < script_.count; ++i) {
    if (const Reason reason = scans_[i].Finish(); !reason.empty()) return reason;
  }
  return {};
}

}  // namespace imnorm::jpeg
