// Rows -> one picture's exact sums.
#pragma once

#include "geometry/resizer.h"
#include "imnorm/statistics.h"

namespace imnorm {

// What of a picture is summed.
struct SumsOptions {
  bool histogram = false;
  bool bgr = false;             // channels in the order b, g, r
  uint8_t fill[3] = {0, 0, 0};  // value of pixels that a geometry pads with
};

// Sums native rows as they come from a decoder, or placed rows as they come from a Resizer.
//
// Numbers:  exact; 8- and 16-bit samples
class SumsConsumer : public RowConsumer, public PlacedRows {
 public:
  explicit SumsConsumer(const SumsOptions& options) : options_(options) {}

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
  void PlacedRow(int y, const uint8_t* row) override;

  // The sums of the picture that was decoded last.
  PictureSums Finish();

 private:
  void Reset(const ImageInfo& info, int width, int height);
  void AddRow(const uint8_t* row);
  void AddPads();

  const SumsOptions options_;
  ImageInfo info_;
  PictureSums sums_;
  int row_pixels_ = 0;
  uint64_t pads_ = 0;
};

}  // namespace imnorm
