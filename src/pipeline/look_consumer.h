// Rows -> what a picture looks like, and a hash of its pixels.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "geometry/placed_source.h"
#include "io/xxh3.h"
#include "statistics/picture_look.h"

namespace imnorm {

// Looks at RGB bytes as they come from a decoder, with alpha behind them or without.
//
// Rules:    the small picture is Pillow's bicubic resize to 64 pixels at the long side, as
//           CleanVision makes it; pictures that are no larger are taken as they are
class LookConsumer : public RowConsumer, public PlacedRows {
 public:
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
  void PlacedRow(int y, const uint8_t* row) override;

  // Of the picture that was decoded last.
  Result<PictureLook> Finish();
  // The hash of its size and its pixels.
  std::string hash() const { return hash_->Hex(); }
  // Whether colours are stored where alpha is 0.
  bool hides_colours() const { return hides_colours_; }
  int width() const { return info_.width; }
  int height() const { return info_.height; }

 private:
  const uint8_t* WithoutAlpha(const uint8_t* row);

  ImageInfo info_;
  LookSums sums_;
  std::unique_ptr<Xxh3> hash_;
  bool hides_colours_ = false;
  std::vector<uint8_t> colours_;  // a row of RGB
  GeometryPlan geometry_;
  std::unique_ptr<PlacedSource> resizer_;
  std::vector<uint8_t> small_;
  int small_width_ = 0;
  int small_height_ = 0;
};

}  // namespace imnorm
