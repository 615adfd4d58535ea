// One scan of a progressive file, decoded an MCU row at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "decode/jpeg/band.h"
#include "decode/jpeg/bit_source.h"
#include "decode/jpeg/component_row.h"
#include "decode/jpeg/dc.h"
#include "decode/jpeg/script.h"

namespace imnorm::jpeg {

// Adds what a scan brings to the rows of its components.
//
// Errors:   each function returns a reason
class ProgressiveScan {
 public:
  ProgressiveScan();

  // Stands before the first MCU row. `tables` are those of the components' DCs, or the one of the
  // band; all arguments must outlive the scan.
  void Start(const Header& header, const ScanSpec& spec, const HuffmanTable* const* tables,
             std::span<const uint8_t> bytes);

  // Decodes the next MCU row.
  //
  // Shapes:   rows [components of the picture]
  Reason DecodeRow(int mcu_y, ComponentRow* rows);

  // Checks that the scan ends where its file says, with nothing left over.
  Reason Finish();

 private:
  int PlanDcs(int y, ComponentRow* rows);
  Reason DecodeUnits(int x, int count, int y, ComponentRow* rows);
  Reason DecodeLine(int y, int width, ComponentRow* rows);
  Reason NextInterval();

  const Header* header_ = nullptr;
  const ScanSpec* spec_ = nullptr;
  BitSource source_;
  Band band_;
  int64_t ended_blocks_ = 0;  // see DecodeBand
  const HuffmanTable* dc_tables_[kMaxComponents] = {};
  uint32_t predictor_[kMaxComponents] = {};
  DcPlace places_[kMaxBlocksPerMcu];
  int place_count_ = 0;
};

}  // namespace imnorm::jpeg
