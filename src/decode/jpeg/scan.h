// The scan: entropy-coded bytes, restart intervals and the end of the file.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/jpeg/entropy.h"
#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// Hands out the coefficients of a picture, group of MCUs by group of MCUs.
//
// Rules:    the data is unstuffed in pieces, so memory does not depend on the file
// Errors:   each function returns a reason
class Scan {
 public:
  Scan();

  // Builds the tables and stands before the first MCU. Both arguments must outlive the scan.
  Reason Start(const Header& header, std::span<const uint8_t> bytes);

  // Decodes the next `mcus` MCUs, at most kGroupMcus, into blocks(), the rest of which is
  // zero then.
  Reason DecodeGroup(int mcus);

  // Checks that the last interval ends as it should and that the image ends behind it. What
  // follows the end of image is not looked at, as in libjpeg.
  Reason Finish();

  // [kGroupMcus][blocks of an MCU], in the order of decoding.
  const Block* blocks() const { return group_; }

 private:
  Reason PlanBlocks(const Header& header);
  bool AddDifferences(Block* block, const Block* end);
  Reason EndInterval();
  Reason NextInterval();
  void Refill();

  HuffmanTable dc_[kTableSlots];
  HuffmanTable ac_[kTableSlots];
  Block group_[kGroupBlocks];
  int blocks_ = 0;
  int restart_interval_ = 0;
  int64_t left_ = 0;      // MCUs before the next restart marker
  int next_restart_ = 0;  // 0..7
  std::span<const uint8_t> bytes_;
  size_t read_ = 0;             // of bytes_
  bool interval_ends_ = false;  // all of the interval is in buffer_
  std::vector<uint8_t> buffer_;
  size_t filled_ = 0;  // bytes of buffer_ that are data
  BitPosition position_;
  uint32_t predictor_[kMaxComponents] = {};  // last DC of each component
};

}  // namespace imnorm::jpeg
