// The samples of one MCU row, a plane a component.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/jpeg/idct.h"
#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// Takes groups of coefficients, gives rows of samples.
//
// Rules:    holds one MCU row and, for vertical upsampling, the last sample row of the one before
class Planes {
 public:
  void Start(const Header& header);

  // Transforms kGroupMcus MCUs, the first of which is MCU mcu_x of the row.
  //
  // Shapes:   blocks [component][v][kGroupMcus * h]: rows of neighbours, as TransformBlocks takes
  //           them
  // Errors:   false: see TransformBlocks
  bool AddGroup(int mcu_x, const int16_t* const* blocks);

  // Sample row r of a component; -1 is the last row of the MCU row before. The row may be read
  // and written kMargin samples beyond either end.
  uint8_t* Row(int component, int r) {
    return samples_[component].data() + kMargin + stride_[component] * size_t(r + 1);
  }
  size_t stride(int component) const { return stride_[component]; }

  // Ends an MCU row: its last sample row becomes row -1.
  void KeepLastRows();

  static constexpr int kMargin = 64;

 private:
  int components_ = 0;
  int h_[kMaxComponents] = {};
  int v_[kMaxComponents] = {};
  size_t stride_[kMaxComponents] = {};
  Dequantizer dequantizer_[kMaxComponents];
  std::vector<uint8_t> samples_[kMaxComponents];
};

}  // namespace imnorm::jpeg
