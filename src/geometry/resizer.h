// Resizes and crops a picture while its rows arrive, in memory of a few rows.
#pragma once

#include <cstdint>
#include <vector>

#include "geometry/placed_source.h"
#include "kernels/resize.h"

namespace imnorm {

// The plan's geometry between a decoder and whoever wants the placed rows.
//
// Rules:    only the source pixels that the window depends on are asked for. A ring of
//           horizontally resampled rows (of source rows where the vertical pass comes first), as
//           tall as the widest vertical window and a few more, is all that is kept.
// Numbers:  Pillow's or torch's 8-bit resize, byte for byte, band by band; 16-bit samples as
//           Pillow 10.3's I;16, with the overshoot of bicubic and lanczos clipped to 65535; floats
//           as Pillow's F
class Resizer : public PlacedSource {
 public:
  Resizer(const GeometryPlan& plan, PlacedRows& out) : plan_(plan), out_(out) {}

  // The largest power of two that still leaves at least the resized size.
  int Reduction(int width, int height) const override;

  // Errors:   what Place or the receiver return; kUnsupported for wide samples and torch's resize
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override { return {}; }

 private:
  // The weights of one axis, kept while pictures of the same size follow each other.
  struct Axis {
    int in_size = 0;
    int out_size = 0;
    int begin = 0;
    int end = 0;
    AxisWeightsF64 exact;
    AxisWeights fixed;  // the same for 8-bit samples
    ElementType type = ElementType::kU8;
    int across = 0;  // the other axis's out_size
    int taps = 0;    // the largest count
    int in_begin = 0;
    int in_end = 0;
  };
  // True if the axis is a new one.
  bool Prepare(Axis& axis, int in_size, int out_size, int begin, int end, ElementType type,
               int across);
  // Whether a vector kernel takes the horizontal pass: of bytes, and of no more bands than it has
  // lanes for.
  bool by_kernel() const { return info_.type == ElementType::kU8 && info_.channels <= 4; }
  // The horizontal pass; out is dense.
  void Resample(const uint8_t* rows, size_t stride_bytes, int count, uint8_t* out);
  // The vertical pass for row `at` of the window, from the ring.
  void Blend(size_t at, uint8_t* out);
  void KeepBand(const uint8_t* rows, size_t stride_bytes, int count, uint8_t* out);
  void EmitReadyRows(int rows_seen);
  // Vertical first: resamples the blended rows that are held and hands them on.
  void EmitHeldRows();
  uint8_t* RingRow(int y) { return ring_.data() + size_t(y % ring_rows_) * ring_row_bytes_; }

  const GeometryPlan& plan_;
  PlacedRows& out_;
  ImageInfo info_;
  Placement place_;
  Axis x_;
  kernels::PreparedColumns columns_;  // x_.fixed, laid out for the kernel
  Axis y_;
  std::vector<uint8_t> ring_;
  int ring_rows_ = 0;
  bool vertical_first_ = false;
  size_t ring_row_bytes_ = 0;
  size_t row_bytes_ = 0;  // of a row of the window
  int next_out_ = 0;      // the next row of the window to blend
  int held_ = 0;          // rows blended and not yet resampled
  std::vector<const uint8_t*> row_pointers_;
  std::vector<uint8_t> blended_;    // held_ rows of the ring's length
  std::vector<uint8_t> resampled_;  // vertical first: the same rows, resampled
};

}  // namespace imnorm
