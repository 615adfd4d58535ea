// torch's bilinear resize of float32 values without antialiasing: four neighbours a sample.
#pragma once

#include <cstdint>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/image.h"

namespace imnorm {

// Resizes and crops the float32 values of a picture, which it keeps as bytes until the end.
//
// Rules:    a sample becomes a value by a table, times float32(1 / 255) where none is given. With
//           plan.resize.blur what shrinks along both axes is first blurred by sigma = (in / out -
//           1) / 2, mirrored without the edge. Rows handed on are kF32
// Numbers:  F.interpolate(float32, bilinear) of torch 2.15.0 with two threads or more, with corners
//           align_corners=True; torchvision's gaussian_blur: bit for bit, on every CPU. See
//           GaussianTaps. torch with one thread does with every picture what it else does where
//           both sides of the result are no more than 128 together
class DirectResizer : public PlacedSource {
 public:
  // Shapes:   values [channels][256]
  DirectResizer(const GeometryPlan& plan, PlacedRows& out, std::vector<float> values = {})
      : plan_(plan), out_(out), values_(std::move(values)) {}

  // Errors:   what Place or the receiver return; kUnsupported for any but 8-bit samples
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override;

 private:
  // Where each output of an axis comes from: a sample and its neighbour, and the latter's weight.
  struct Axis {
    std::vector<int> first;
    std::vector<int> second;
    std::vector<float> weight;  // of the second
  };
  Axis MakeAxis(int in_size, int out_size, int begin, int length, bool fuses) const;
  // A row's values, with `mirrored` more at both ends.
  void ValueRow(int y, size_t mirrored, std::vector<float>& row) const;
  // Row y of what is resized: as it is, or blurred.
  const float* SourceRow(int y);
  void BlurRow(int y, std::vector<float>& out);
  const float* MirroredRow(int y);
  void Gather(const float* row, const std::vector<int>& columns, std::vector<float>& out) const;

  // A row that is kept for the next one that wants it.
  struct KeptRow {
    int y = -1;
    std::vector<float> values;
  };
  const GeometryPlan& plan_;
  PlacedRows& out_;
  const std::vector<float> values_;
  std::vector<float> table_;  // [channels][256]
  Placement place_;
  Image picture_;
  std::vector<float> across_;  // taps of the blur; empty: none
  std::vector<float> down_;
  std::vector<KeptRow> mirrored_;  // by y % size
  KeptRow sources_[2];
};

}  // namespace imnorm
