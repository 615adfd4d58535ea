// Rows -> one picture's exact sums.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/statistics.h"
#include "kernels/kernels.h"

namespace imnorm {

// What of a picture is summed.
struct SumsOptions {
  bool histogram = false;
  bool alpha_mask = false;            // where an alpha channel is 0 the pixel is left out
  std::vector<double> ignore_values;  // a pixel of just these values is left out
  bool bgr = false;                   // channels in the order b, g, r
  uint8_t fill[3] = {0, 0, 0};        // value of pixels that a geometry pads with
  bool leave_out_nodata = true;       // pixels of the value that their file declares so
  bool cross = true;                  // products of channels too; always with one or three
  std::optional<ImageInfo> only;      // pictures of other channels or samples are refused
};

// What becomes of a picture. Where 16 bits are reduced to 8, alpha and the values to leave out are
// the file's own: such a picture is marked first, then summed by its marks.
enum class Look { kSum, kMarkWide, kSumMarked };

// Sums native rows as they come from a decoder, or placed rows as they come from a Resizer.
//
// Numbers:  exact; float samples as rows only
class SumsConsumer : public RowConsumer, public PlacedRows {
 public:
  explicit SumsConsumer(const SumsOptions& options) : options_(options) {}

  // Pixels where this one-channel picture is zero are left out of the next picture; null: none.
  void SetMask(const Image* mask) { mask_ = mask; }

  // What to do with the next pictures. kMarkWide sums those that have no 16-bit samples, and writes
  // which pixels of the others count into `marks`; kSumMarked takes just those.
  void SetLook(Look look, Image* marks) {
    look_ = look;
    marks_ = marks;
  }

  // Whether the picture that was decoded last was marked, not summed.
  bool marked() const { return marks_ != nullptr && look_ == Look::kMarkWide && is_wide(); }

  // Whether pixels of the last picture's declared nodata were left out.
  bool left_out_nodata() const { return left_out_nodata_; }
  // Whether it declares one that is gone with the reduction to 8 bits: it has to be marked first.
  bool needs_marks() const { return needs_marks_; }

  // Errors:   kUnsupported: other channels or samples than `only`; a mask of another size
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
  void PlacedRow(int y, const uint8_t* row) override;

  // The sums of the picture that was decoded last: integer samples, or float ones. Those of
  // integers are exchanged for `sums`, so that its memory serves the next picture.
  void Finish(PictureSums* sums);
  FloatSums FinishFloats() { return std::move(floats_); }
  bool is_float() const {
    return info_.type == ElementType::kF32 || info_.type == ElementType::kF64;
  }

 private:
  void TakeNodata(const ImageInfo& info);
  void Reset(const ImageInfo& info, int width, int height);
  void AddBand(const uint8_t* rows, size_t stride_bytes, int count, size_t pixels);
  bool is_wide() const { return info_.type == ElementType::kU16; }
  double ValueAt(const uint8_t* pixel, size_t channel) const;
  template <typename Wanted>
  bool IsJust(const uint8_t* pixel, const Wanted& wanted) const;
  bool Counts(const uint8_t* pixel, int x, int y) const;
  size_t Compact(const uint8_t* row, int y);
  void TakeHistogram();
  void TakeFastSums();
  void AddPads();

  const SumsOptions options_;
  const Image* mask_ = nullptr;
  Look look_ = Look::kSum;
  Image* marks_ = nullptr;
  std::vector<double> ignored_;   // the values to leave out, as this picture's samples have them
  std::optional<double> nodata_;  // likewise
  bool left_out_nodata_ = false;
  bool needs_marks_ = false;
  std::vector<uint8_t> kept_;  // the pixels of a row that count
  int stored_channels_ = 0;    // with alpha
  ImageInfo info_;
  PictureSums sums_;
  FloatSums floats_;
  kernels::RowSums fast_;               // of 8-bit pictures with one or three channels
  kernels::HistogramTables histogram_;  // likewise
  int row_pixels_ = 0;
  uint64_t pads_ = 0;
};

}  // namespace imnorm
