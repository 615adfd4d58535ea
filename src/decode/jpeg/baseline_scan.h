// The scan of a baseline file: coefficients, group of MCUs by group of MCUs.
#pragma once

#include <cstdint>
#include <span>

#include "decode/jpeg/bit_source.h"
#include "decode/jpeg/entropy.h"
#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// Decodes the one interleaved scan of a picture.
//
// Errors:   each function returns a reason
class BaselineScan {
 public:
  BaselineScan();

  // Builds the tables and stands before the first MCU. Both arguments must outlive the scan.
  Reason Start(const Header& header, std::span<const uint8_t> bytes);

  // Decodes the next `mcus` MCUs, at most kGroupMcus, into blocks(); the rest of which becomes
  // zero.
  Reason DecodeGroup(int mcus);

  // Checks that the last interval ends as it should and that the image ends behind it. What
  // follows the end of image is not looked at, as in libjpeg.
  Reason Finish();

  // The group's coefficients as Planes::AddGroup takes them.
  const int16_t* const* blocks() const { return in_rows_; }

 private:
  Reason PlanBlocks(const Header& header);
  void PlanRows(const Header& header);
  bool AddDifferences(Block* block, const Block* end);

  HuffmanTable dc_[kTableSlots];
  HuffmanTable ac_[kTableSlots];
  Block group_[kGroupBlocks];  // in the order of decoding
  const int16_t* in_rows_[kGroupBlocks] = {};
  int blocks_ = 0;  // of an MCU
  std::span<const uint8_t> bytes_;
  BitSource source_;
  uint32_t predictor_[kMaxComponents] = {};  // last DC of each component
};

}  // namespace imnorm::jpeg
