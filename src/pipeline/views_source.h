// A picture decoded once for its patches and for what stands beside them: an overview, or bands.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "geometry/placed_source.h"
#include "geometry/stepped_source.h"
#include "pipeline/plane_writer.h"

namespace imnorm {

// Whether a plan makes more of a picture than its geometry alone says.
bool HasViews(const PatchPlan& patches);

// The plan of what is resized to one patch.
Plan OverviewPlan(const Plan& plan);

// Hands what is decoded to the patches' geometry and to those of what stands beside them.
//
// Rules:    `patches` writes the picture's rows and has left places for the others where its
//           patches() says so. All that is given outlives it
class ViewsSource : public PlacedSource {
 public:
  ViewsSource(const Plan& plan, const PlanTables& tables, PlaneWriter& patches);

  int Reduction(int width, int height) const override;
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;
  Result<void> Finish() override;

  ValueCounts met() const;  // beside the patches

 private:
  // Something made of a part of the picture, with what it reads of that.
  struct View {
    View(const Plan& plan, const PlanTables& tables) : writer(plan, tables) {}
    PlaneWriter writer;
    std::unique_ptr<PlacedSource> source;
    Rect part;
    Rect window;  // in the picture
  };
  // Passes the patches' rows on and keeps them where an overview is made of these.
  class Tap : public PlacedRows {
   public:
    Tap(PlaneWriter& patches, bool keeps) : patches_(patches), keeps_(keeps) {}
    Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
    void PlacedRow(int y, const uint8_t* row) override;
    const Image& picture() const { return kept_.picture(); }

   private:
    PlaneWriter& patches_;
    const bool keeps_;
    KeptRows kept_;
  };
  View& ViewAt(size_t number);
  Result<void> BeginSplit(const ImageInfo& info);
  Result<void> FinishSplit();
  Result<void> BeginView(const ImageInfo& info, const Rect& part);
  void Hand(PlacedSource& to, const Rect& part, const Rect& window, const uint8_t* rows,
            size_t stride_bytes, int y, int count) const;

  const PatchPlan& plan_;
  const PlanTables& tables_;
  PlaneWriter& patches_;
  const ResizePlan& whole_;  // of the patches
  Plan view_plan_;
  Tap tap_;
  std::unique_ptr<PlacedSource> source_;  // of the patches
  GeometryPlan split_;  // of the tiles of this picture; without a resize it has none
  KeptRows joined_;     // these tiles
  std::unique_ptr<PlacedSource> joined_source_;
  Rect joined_window_;
  ValueCounts split_met_;
  Rect source_window_;
  std::vector<std::unique_ptr<View>> views_;
  size_t count_ = 0;  // of those views that this picture has
  ImageInfo info_;
  Rect window_;  // what all read
};

}  // namespace imnorm
