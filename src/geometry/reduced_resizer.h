// Pillow's resize with a reducing_gap: whole blocks of pixels become one before the filter.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "geometry/placed_source.h"
#include "geometry/resizer.h"
#include "imnorm/image.h"

namespace imnorm {

// Resizes and crops a picture, which it keeps where it is reduced first.
//
// Rules:    a side is divided by int(side / new / plan.resize.reducing_gap), where that is above 1;
//           the last block is of what is left, and counts as the part of one that it is
// Numbers:  those of Image.resize(size, filter, reducing_gap=...), byte for byte
class ReducedResizer : public PlacedSource {
 public:
  ReducedResizer(const GeometryPlan& plan, PlacedRows& out)
      : plan_(plan), out_(out), whole_(plan, out) {}

  // Errors:   those of Resizer; kUnsupported for other than 8-bit samples where it reduces
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override;

 private:
  Image Reduced() const;
  Image ResizedAcross(const Image& picture) const;
  Image ResizedDown(const Image& picture) const;

  const GeometryPlan& plan_;
  PlacedRows& out_;
  Resizer whole_;  // where nothing is reduced
  Placement place_;
  int across_ = 1;
  int down_ = 1;
  Image picture_;
};

}  // namespace imnorm
