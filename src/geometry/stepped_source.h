// Geometries of several steps, each of the bytes that the one before it left.
#pragma once

#include <cstdint>
#include <memory>

#include "geometry/placed_source.h"
#include "imnorm/image.h"

namespace imnorm {

// Whether a plan has steps before its resize.
bool HasSteps(const GeometryPlan& plan);

// Keeps the rows of a placed picture.
class KeptRows : public PlacedRows {
 public:
  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
  void PlacedRow(int y, const uint8_t* row) override;
  const Image& picture() const { return picture_; }

 private:
  Image picture_;
};

// Hands a picture that is there to a geometry, as a decoder would; `like` says what else is known
// of it.
Result<void> HandPicture(const Image& picture, const ImageInfo& like, PlacedSource& to);

// The steps before a plan's resize, in memory of the whole picture where they need that and of the
// first resize's result.
//
// Rules:    `out` is told the size of the picture itself
class SteppedSource : public PlacedSource {
 public:
  SteppedSource(const GeometryPlan& plan, PlacedRows& out);

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override;

 private:
  // Says whose placement it is.
  class OfSource : public PlacedRows {
   public:
    explicit OfSource(PlacedRows& out) : out_(out) {}
    void SetSource(const ImageInfo& info);
    Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
    void PlacedRow(int y, const uint8_t* row) override { out_.PlacedRow(y, row); }

   private:
    PlacedRows& out_;
    int width_ = 0;
    int height_ = 0;
  };
  bool NeedsWhole() const {
    return plan_.cut_margin || plan_.turn_to_fit || plan_.border.kind != BorderKind::kNone;
  }

  const GeometryPlan& plan_;
  GeometryPlan first_plan_;
  GeometryPlan last_plan_;
  OfSource of_source_;
  KeptRows kept_;
  std::unique_ptr<PlacedSource> first_;
  std::unique_ptr<PlacedSource> last_;
  ImageInfo info_;
  Image whole_;
};

}  // namespace imnorm
