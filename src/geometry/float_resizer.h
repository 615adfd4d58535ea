// torch's float32 resize, whose result becomes bytes again (torchvision's v1 transforms on tensors)
// or, of scaled samples, stays as it is (DINOv3).
#pragma once

#include <cstdint>
#include <vector>

#include "geometry/float_weights.h"
#include "geometry/placed_source.h"

namespace imnorm {

// Resizes and crops a picture while its rows arrive.
//
// Rules:    horizontal first; nothing is rounded between the passes, the result to bytes, half to
//           even. A ring of horizontally resampled float rows, as tall as the widest vertical
//           window, is all that is kept
// Numbers:  F.interpolate(float32, antialias=True) of torch 2.15.0 on AVX2 and AVX512, bit for bit,
//           on every CPU; then clamped and rounded as torchvision does for uint8 tensors. By
//           kTorchScaled samples are multiplied by float32(1 / 255) first, and rows are kF32, as
//           those of kF32 are
class FloatResizer : public PlacedSource {
 public:
  FloatResizer(const GeometryPlan& plan, PlacedRows& out)
      : plan_(plan), out_(out), scales_(plan.resize.engine == ResizeEngine::kTorchScaled) {}

  // Errors:   what Place or the receiver return; kUnsupported for 16-bit samples
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
    int across = 0;  // the other axis's out_size
    AxisWeightsF32 weights;
    int in_begin() const { return weights.first.front(); }
    int in_end() const { return weights.first.back() + weights.count.back(); }
  };
  void Prepare(Axis& axis, int in_size, int out_size, int begin, int end, int across);
  // The horizontal pass of a band: its columns become vectors, one sample a row and channel each.
  template <typename Sample>
  void ResampleBand(const uint8_t* rows, size_t stride_bytes, int y, int count);
  template <typename Sample>
  float SampleAt(const uint8_t* row, size_t at) const;
  void EmitReadyRows(int rows_seen);
  float* RingRow(int y) { return ring_.data() + size_t(y % ring_rows_) * row_samples_; }

  const GeometryPlan& plan_;
  PlacedRows& out_;
  const bool scales_;
  bool rounds_ = true;  // the result is bytes again
  ImageInfo info_;
  Placement place_;
  Axis x_;
  Axis y_;
  size_t row_samples_ = 0;  // of a row of the window
  int ring_rows_ = 0;
  std::vector<float> ring_;
  std::vector<float> columns_;              // [source columns][rows of a band x channels]
  std::vector<const float*> tap_pointers_;  // to columns or to rows of the ring
  std::vector<float> blended_;              // one column, or one row of the window
  std::vector<uint8_t> bytes_;              // one row of the window
  int next_out_ = 0;
};

}  // namespace imnorm
