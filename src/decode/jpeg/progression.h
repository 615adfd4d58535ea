// All scans of a progressive file in step.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "decode/jpeg/component_row.h"
#include "decode/jpeg/markers.h"
#include "decode/jpeg/progressive_scan.h"
#include "decode/jpeg/script.h"

namespace imnorm::jpeg {

// Decodes a picture MCU row by MCU row, each row through every scan in the order of the file: the
// whole file is in memory, so a scan is a place in it. There is no array of all coefficients but an
// MCU row of them (192 KB instead of 36 MB for 4000 x 3000 pixels, and 1.2 times as fast).
//
// Errors:   each function returns a reason
class Progression {
 public:
  // Reads the scan headers and builds the tables. Both arguments must outlive the picture.
  Reason Start(const Header& header, std::span<const uint8_t> bytes);

  // Decodes the next MCU row.
  Reason DecodeRow(int mcu_y);

  // The coefficients of kGroupMcus MCUs of that row, as Planes::AddGroup takes them.
  const int16_t* const* AssembleGroup(int mcu_x);

  // Checks that every scan ends as it should.
  Reason Finish();

 private:
  Reason BuildTables(const ScanSpec& spec, const HuffmanTable** tables);
  HuffmanTable& NextTable();
  void PlanRows();

  const Header* header_ = nullptr;
  Script script_;
  std::vector<ProgressiveScan> scans_;
  std::vector<bool> marks_first_;  // before a scan, what is nonzero by now has to be marked
  std::vector<std::unique_ptr<HuffmanTable>> tables_;
  size_t tables_used_ = 0;
  ComponentRow rows_[kMaxComponents];
  struct alignas(64) Group {
    int16_t coefficients[kGroupMcus * kMaxBlocksPerMcu][64];
  };
  Group group_;
  const int16_t* in_rows_[kGroupMcus * kMaxBlocksPerMcu] = {};
};

}  // namespace imnorm::jpeg
