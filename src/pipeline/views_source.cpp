// Several geometries on one decoded picture.
#include "pipeline/views_source.h"

#include <algorithm>
#include <cstring>

#include "pipeline/value_overview.h"

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

bool HasViews(const PatchPlan& patches) {
  return patches.overview != Overview::kNone || patches.bands.most > 0 || patches.split.side > 0;
}

Plan OverviewPlan(const Plan& plan) {
  Plan overview = plan;
  if (plan.patches.split.side > 0) {  // its tiles are there already
    overview.geometry = {};
    overview.patches.split = {};
    return overview;
  }
  overview.geometry.first = {};
  overview.geometry.resize.kind = ResizeKind::kExact;
  overview.geometry.resize.width = overview.geometry.resize.height = plan.patches.size;
  overview.patches = {};
  return overview;
}

Result<void> ViewsSource::Tap::BeginPlaced(const Placement& place, const ImageInfo& info) {
  if (auto begun = patches_.BeginPlaced(place, info); !begun) return begun;
  return keeps_ ? kept_.BeginPlaced(place, info) : Result<void>();
}

void ViewsSource::Tap::PlacedRow(int y, const uint8_t* row) {
  patches_.PlacedRow(y, row);
  if (keeps_) kept_.PlacedRow(y, row);
}

ViewsSource::ViewsSource(const Plan& plan, const PlanTables& tables, PlaneWriter& patches)
    : plan_(plan.patches),
      tables_(tables),
      patches_(patches),
      whole_(plan.geometry.resize),
      view_plan_(OverviewPlan(plan)),
      tap_(patches, plan.patches.overview_of_resized),
      source_(MakePlacedSource(plan.geometry, tap_)) {
  ViewAt(0);
}

ViewsSource::View& ViewsSource::ViewAt(size_t number) {
  while (views_.size() <= number) {
    auto view = std::make_unique<View>(view_plan_, tables_);
    view->source = MakePlacedSource(view_plan_.geometry, view->writer);
    views_.push_back(std::move(view));
  }
  return *views_[number];
}

int ViewsSource::Reduction(int width, int height) const {
  // Those are of the picture's own pixels, or of its size.
  if (plan_.bands.most > 0 || plan_.split.side > 0) return 1;
  return std::min(source_->Reduction(width, height), views_[0]->source->Reduction(width, height));
}

Result<void> ViewsSource::BeginView(const ImageInfo& info, const Rect& part) {
  View& view = ViewAt(count_);
  view.part = part;
  view.writer.SetOutput(patches_.PlaceBeside(count_++));
  ImageInfo of_part = info;
  of_part.width = part.width;
  of_part.height = part.height;
  const auto window = view.source->Begin(of_part);
  if (!window) return Failed(window);
  view.window = {part.x + window->x, part.y + window->y, window->width, window->height};
  window_ = Around(window_, view.window);
  return {};
}

Result<Rect> ViewsSource::Begin(const ImageInfo& info) {
  info_ = info;
  count_ = 0;
  split_met_ = {};
  const auto window = source_->Begin(info);
  if (!window) return window;
  source_window_ = window_ = *window;
  if (plan_.split.side > 0) {
    if (auto begun = BeginSplit(info); !begun) return Failed(begun);
    return window_;
  }
  // There is nothing to make one of yet.
  if (plan_.overview_of_resized || plan_.overview_of_values) return window_;
  const Rect all = {0, 0, info.width, info.height};
  if (patches_.patches()->overview) {
    if (auto begun = BeginView(info, all); !begun) return Failed(begun);
  }
  if (plan_.bands.most > 0) {
    for (const Rect& band : BandsOf(plan_.bands, info.width, info.height)) {
      if (auto begun = BeginView(info, band); !begun) return Failed(begun);
    }
  }
  return window_;
}

void ViewsSource::Hand(PlacedSource& to, const Rect& part, const Rect& window, const uint8_t* rows,
                       size_t stride_bytes, int y, int count) const {
  const int first = std::max(y, window.y);
  const int end = std::min(y + count, window.y + window.height);
  if (first >= end) return;
  const size_t pixel = size_t(info_.channels) * ElementBytes(info_.type);
  const size_t skipped = size_t(window.x - window_.x) * pixel;
  to.Rows(rows + size_t(first - y) * stride_bytes + skipped, stride_bytes, first - part.y,
          end - first);
}

Result<void> ViewsSource::BeginSplit(const ImageInfo& info) {
  split_.resize = SplitResize(plan_, whole_, info.width, info.height);
  if (split_.resize.kind == ResizeKind::kNone) return {};
  joined_source_ = MakePlacedSource(split_, joined_);
  const auto window = joined_source_->Begin(info);
  if (!window) return Failed(window);
  joined_window_ = *window;
  window_ = Around(window_, joined_window_);
  return {};
}

Result<void> ViewsSource::FinishSplit() {
  if (auto finished = joined_source_->Finish(); !finished) return finished;
  const Image& joined = joined_.picture();
  const int side = plan_.split.side;
  Image tile;
  tile.Reshape(side, side, joined.channels, joined.type);
  const size_t pixel = size_t(joined.channels) * ElementBytes(joined.type);
  View& view = ViewAt(0);
  for (int top = 0; top < joined.height; top += side) {
    for (int left = 0; left < joined.width; left += side) {
      for (int y = 0; y < side; ++y) {
        const uint8_t* from = joined.row(top + y) + size_t(left) * pixel;
        std::memcpy(tile.row(y), from, tile.stride_bytes());
      }
      view.writer.SetOutput(patches_.PlaceBeside(count_++));
      if (auto handed = HandPicture(tile, info_, *view.source); !handed) return handed;
      split_met_ += view.writer.met();
    }
  }
  return {};
}

void ViewsSource::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  if (split_.resize.kind != ResizeKind::kNone) {
    Hand(*joined_source_, {}, joined_window_, rows, stride_bytes, y, count);
  }
  Hand(*source_, {}, source_window_, rows, stride_bytes, y, count);
  for (size_t i = 0; i < count_; ++i) {
    View& view = *views_[i];
    Hand(*view.source, view.part, view.window, rows, stride_bytes, y, count);
  }
}

Result<void> ViewsSource::Finish() {
  if (auto finished = source_->Finish(); !finished) return finished;
  if (split_.resize.kind != ResizeKind::kNone) return FinishSplit();
  if (plan_.overview_of_values) {
    MakeValueOverview(*patches_.patches(), plan_.size, size_t(info_.channels), patches_.output());
    return {};
  }
  if (plan_.overview_of_resized && patches_.patches()->overview) {
    View& view = ViewAt(0);
    view.writer.SetOutput(patches_.PlaceBeside(count_++));
    return HandPicture(tap_.picture(), info_, *view.source);
  }
  for (size_t i = 0; i < count_; ++i) {
    if (auto finished = views_[i]->source->Finish(); !finished) return finished;
  }
  return {};
}

ValueCounts ViewsSource::met() const {
  ValueCounts met = split_met_;
  if (split_.resize.kind != ResizeKind::kNone) return met;
  for (size_t i = 0; i < count_; ++i) met += views_[i]->writer.met();
  return met;
}

}  // namespace imnorm
