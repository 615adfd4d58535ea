// The geometry of `--like opencv`: cv::resize needs the whole picture.
#pragma once

#include <cstdint>

#include "geometry/placed_source.h"
#include "imnorm/image.h"

namespace imnorm {

// Keeps a picture until it is whole, resizes it with OpenCV and hands on the window.
class OpencvResizer : public PlacedSource {
 public:
  OpencvResizer(const GeometryPlan& plan, PlacedRows& out) : plan_(plan), out_(out) {}

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  // Errors:   kUnsupported: the OpenCV module is missing
  Result<void> Finish() override;

 private:
  const GeometryPlan& plan_;
  PlacedRows& out_;
  Placement place_;
  Image picture_;
  Image resized_;
};

}  // namespace imnorm
