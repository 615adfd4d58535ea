// Two geometries on one decoded picture.
#include "pipeline/overview_source.h"

#include <algorithm>

namespace imnorm {
namespace {

Rect Around(const Rect& a, const Rect& b) {
  Rect both;
  both.x = std::min(a.x, b.x);
  both.y = std::min(a.y, b.y);
  both.width = std::max(a.x + a.width, b.x + b.width) - both.x;
  both.height = std::max(a.y + a.height, b.y + b.height) - both.y;
  return both;
}

}  // namespace

Plan OverviewPlan(const Plan& plan) {
  Plan overview = plan;
  overview.geometry.resize.kind = ResizeKind::kExact;
  overview.geometry.resize.width = overview.geometry.resize.height = plan.patches.size;
  overview.patches = {};
  return overview;
}

OverviewSource::OverviewSource(const Plan& plan, const PlanTables& tables, PlaneWriter& writer)
    : tiles_(writer), overview_plan_(OverviewPlan(plan)), overview_(overview_plan_, tables) {
  of_tiles_.source = MakePlacedSource(plan.geometry, tiles_);
  of_overview_.source = MakePlacedSource(overview_plan_.geometry, overview_);
}

int OverviewSource::Reduction(int width, int height) const {
  return std::min(of_tiles_.source->Reduction(width, height),
                  of_overview_.source->Reduction(width, height));
}

Result<Rect> OverviewSource::Begin(const ImageInfo& info) {
  pixel_bytes_ = size_t(info.channels) * ElementBytes(info.type);
  const auto of_tiles = of_tiles_.source->Begin(info);
  if (!of_tiles) return of_tiles;
  of_tiles_.window = window_ = *of_tiles;
  if (!HasOverview()) return window_;
  overview_.SetOutput(tiles_.OverviewPlace());
  const auto of_overview = of_overview_.source->Begin(info);
  if (!of_overview) return of_overview;
  of_overview_.window = *of_overview;
  window_ = Around(*of_tiles, *of_overview);
  return window_;
}

void OverviewSource::Hand(Branch& branch, const uint8_t* rows, size_t stride_bytes, int y,
                          int count) {
  const int first = std::max(y, branch.window.y);
  const int end = std::min(y + count, branch.window.y + branch.window.height);
  if (first >= end) return;
  const auto skipped = size_t(branch.window.x - window_.x) * pixel_bytes_;
  branch.source->Rows(rows + size_t(first - y) * stride_bytes + skipped, stride_bytes, first,
                      end - first);
}

void OverviewSource::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  Hand(of_tiles_, rows, stride_bytes, y, count);
  if (HasOverview()) Hand(of_overview_, rows, stride_bytes, y, count);
}

Result<void> OverviewSource::Finish() {
  if (auto finished = of_tiles_.source->Finish(); !finished) return finished;
  return HasOverview() ? of_overview_.source->Finish() : Result<void>();
}

}  // namespace imnorm
