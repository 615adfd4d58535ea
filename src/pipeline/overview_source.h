// A picture decoded once for its tiles and for the overview that stands beside them.
#pragma once

#include <cstdint>
#include <memory>

#include "geometry/placed_source.h"
#include "pipeline/plane_writer.h"

namespace imnorm {

// The plan of an overview: the whole picture, resized to one patch.
Plan OverviewPlan(const Plan& plan);

// Hands what is decoded to the tiles' geometry and to the overview's.
//
// Rules:    `tiles` writes the picture's rows and has left a place for the overview where its
//           patches() say that there is one. All that is given outlives it
class OverviewSource : public PlacedSource {
 public:
  OverviewSource(const Plan& plan, const PlanTables& tables, PlaneWriter& tiles);

  int Reduction(int width, int height) const override;
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override;

  const ValueCounts& met() const { return overview_.met(); }  // of a picture that has one

 private:
  // One of the two, with the part of the picture that it reads.
  struct Branch {
    std::unique_ptr<PlacedSource> source;
    Rect window;
  };
  void Hand(Branch& branch, const uint8_t* rows, size_t stride_bytes, int y, int count);
  bool HasOverview() const { return tiles_.patches() && tiles_.patches()->overview; }

  PlaneWriter& tiles_;
  Plan overview_plan_;
  PlaneWriter overview_;
  Branch of_tiles_;
  Branch of_overview_;
  Rect window_;  // what both read
  size_t pixel_bytes_ = 0;
};

}  // namespace imnorm
