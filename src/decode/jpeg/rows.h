// Planes -> rows of the window, handed to the consumer an MCU row at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/jpeg/color.h"
#include "decode/jpeg/markers.h"
#include "decode/jpeg/planes.h"
#include "imnorm/rows.h"

namespace imnorm::jpeg {

// Upsamples, converts and delivers.
//
// Rules:    with chroma at half height the last row of an MCU row needs the chroma of the next
//           one, so it is delivered together with that
class RowWriter {
 public:
  void Start(const Header& header, const Rect& window, int channels);

  // Whether any row of the window depends on an MCU row, or on a group of it, margin included.
  bool NeedsMcuRow(int mcu_y) const { return mcu_y >= first_mcu_y_ && mcu_y < end_mcu_y_; }
  bool NeedsGroup(int mcu_x) const { return mcu_x >= first_group_x_ && mcu_x < end_group_x_; }

  // Delivers what MCU row mcu_y completes.
  void Write(int mcu_y, Planes& planes, RowConsumer& consumer);

 private:
  void RepeatEdges(Planes& planes) const;
  PlaneRow UpsampledRow(int mcu_y, int r, Planes& planes);

  Rect window_;
  int channels_ = 0;
  int components_ = 0;
  int h_max_ = 1;
  int v_max_ = 1;
  int height_ = 0;
  int mcus_y_ = 0;
  int first_mcu_y_ = 0, end_mcu_y_ = 0;
  int first_group_x_ = 0, end_group_x_ = 0;
  int chroma_width_ = 0;
  int chroma_begin_ = 0, chroma_end_ = 0;  // the window's columns
  ColorKernel convert_ = nullptr;
  size_t band_stride_ = 0;
  std::vector<uint8_t> upsampled_[2];
  std::vector<uint8_t> band_;
};

}  // namespace imnorm::jpeg
