// RowWriter: chroma to full resolution row by row, then colour, then the consumer.
#include "decode/jpeg/rows.h"

#include <algorithm>

#include "decode/jpeg/upsample.h"

namespace imnorm::jpeg {
namespace {

// 16 rows of an MCU row and the one left over from the row before.
constexpr int kMaxBandRows = 17;

ColorKernel ChooseKernel(ColorSpace color, int channels) {
  switch (color) {
    case ColorSpace::kYcc:
      return channels == 3 ? YccToRgb : YccToGray;
    case ColorSpace::kRgb:
      return channels == 3 ? Interleave : RgbToGray;
    default:
      return Interleave;
  }
}

int CeilDiv(int a, int b) { return (a + b - 1) / b; }

// Neighbouring pixels that upsampled chroma depends on.
int Margin(int factor) { return factor == 2 ? 2 : 0; }

void Reserve(std::vector<uint8_t>& bytes, size_t size) {
  if (bytes.size() < size) bytes.resize(size);
}

}  // namespace

void RowWriter::Start(const Header& header, const Rect& window, int channels) {
  window_ = window;
  channels_ = channels;
  components_ = header.component_count;
  h_max_ = header.h_max;
  v_max_ = header.v_max;
  height_ = header.height;
  mcus_y_ = header.mcus_y;
  const int mcu_height = 8 * v_max_;
  first_mcu_y_ = std::max(window.y - Margin(v_max_), 0) / mcu_height;
  end_mcu_y_ =
      CeilDiv(std::min(window.y + window.height + Margin(v_max_), header.height), mcu_height);
  const int group_width = 8 * h_max_ * kGroupMcus;
  first_group_x_ = std::max(window.x - Margin(h_max_), 0) / group_width * kGroupMcus;
  end_group_x_ =
      CeilDiv(std::min(window.x + window.width + Margin(h_max_), header.width), group_width) *
      kGroupMcus;
  chroma_width_ = CeilDiv(header.width, h_max_);
  chroma_begin_ = window.x / h_max_;
  chroma_end_ = CeilDiv(window.x + window.width, h_max_);
  convert_ = ChooseKernel(header.color, channels);
  band_stride_ = size_t(window.width) * size_t(channels) + kColorSlack;
  Reserve(band_, band_stride_ * kMaxBandRows);
  for (auto& row : upsampled_) {
    Reserve(row, size_t(window.width) + 2 + 2 * kUpsampleSlack + kColorSlack);
  }
}

void RowWriter::RepeatEdges(Planes& planes) const {
  for (int c = 1; c < components_; ++c) {
    for (int r = 0; r < 8; ++r) {
      uint8_t* row = planes.Row(c, r);
      row[-1] = row[0];
      row[chroma_width_] = row[chroma_width_ - 1];
    }
  }
}

// Row r of the MCU row (or -1) with its chroma at full resolution, from the window's left edge.
PlaneRow RowWriter::UpsampledRow(int mcu_y, int r, Planes& planes) {
  const uint8_t* luma = planes.Row(0, r) + window_.x;
  if (components_ == 1) return {{luma, luma, luma}};
  PlaneRow row{{luma, nullptr, nullptr}};
  // The chroma row that covers r, and the one next to r: libjpeg repeats the picture's first and
  // last chroma rows.
  const int last = CeilDiv(height_, v_max_) - 1 - mcu_y * 8;
  const bool lower = (r & 1) != 0;
  const int near = v_max_ == 2 ? (r >= 0 ? r / 2 : -1) : r;
  const int far = lower ? std::min(near + 1, last) : mcu_y == 0 ? std::max(near - 1, 0) : near - 1;
  const int count = chroma_end_ - chroma_begin_;
  for (int c = 1; c < 3; ++c) {
    const uint8_t* near_row = planes.Row(c, near) + chroma_begin_;
    uint8_t* out = upsampled_[c - 1].data();
    if (h_max_ == 1 && v_max_ == 1) {
      row.plane[c] = near_row;
      continue;
    }
    if (v_max_ == 1) {
      UpsampleRow(near_row, count, out);
    } else if (h_max_ == 1) {
      BlendRow(near_row, planes.Row(c, far) + chroma_begin_, lower ? 2 : 1, count, out);
    } else {
      UpsampleRows(near_row, planes.Row(c, far) + chroma_begin_, count, out);
    }
    row.plane[c] = out + (window_.x - chroma_begin_ * h_max_);
  }
  return row;
}

void RowWriter::Write(int mcu_y, Planes& planes, RowConsumer& consumer) {
  const int mcu_height = 8 * v_max_;
  const int y0 = mcu_y * mcu_height;
  const bool last = mcu_y == mcus_y_ - 1;
  const bool late = v_max_ == 2;  // the last row waits for the next MCU row
  const int begin = std::max(y0 - (late && mcu_y > 0 ? 1 : 0), window_.y);
  const int end =
      std::min({last ? height_ : y0 + mcu_height - (late ? 1 : 0), window_.y + window_.height});
  if (h_max_ == 2) RepeatEdges(planes);
  if (begin < end && components_ == 1 && channels_ == 1) {
    consumer.Rows(planes.Row(0, begin - y0) + window_.x, planes.stride(0), begin, end - begin);
  } else if (begin < end) {
    uint8_t* out = band_.data();
    for (int y = begin; y < end; ++y, out += band_stride_) {
      convert_(UpsampledRow(mcu_y, y - y0, planes), window_.width, out);
    }
    consumer.Rows(band_.data(), band_stride_, begin, end - begin);
  }
  if (late) planes.KeepLastRows();
}

}  // namespace imnorm::jpeg
