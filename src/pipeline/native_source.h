// Pictures as they are stored (ChannelOrder::kNative) on their way into a geometry.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/plan.h"

namespace imnorm {

// Refuses pictures of other bands than the plan's, puts each band's mean in the place of nodata,
// and rounds float64, which stands for 32-bit integers too, to float32.
//
// Rules:    nodata is found band by band, a value in the file's own samples; NaN is every NaN. Its
//           mean is in the samples' units, rounded where they are integers
// Errors:   kUnsupported: other bands
class NativeSource : public PlacedSource {
 public:
  // `plan` outlives it.
  NativeSource(const Plan& plan, std::unique_ptr<PlacedSource> placed)
      : plan_(plan), placed_(std::move(placed)) {}

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override { return placed_->Finish(); }

 private:
  template <typename Stored, typename Placed>
  void Convert(const uint8_t* row, uint8_t* out) const;

  const Plan& plan_;
  const std::unique_ptr<PlacedSource> placed_;
  ImageInfo info_;
  std::optional<double> nodata_;
  std::vector<double> means_;  // of each band, where there is nodata
  int width_ = 0;              // of the window
  std::vector<uint8_t> row_;
};

// A plan's geometry, behind that where pictures are taken as they are stored; of values, where
// these are resized.
std::unique_ptr<PlacedSource> MakePlanSource(const Plan& plan, PlacedRows& out);

}  // namespace imnorm
