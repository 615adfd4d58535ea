// A picture from one geometry into the next.
#include "geometry/stepped_source.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "geometry/border.h"
#include "geometry/page_steps.h"

namespace imnorm {
namespace {

// As many as --max-pixels lets in by default.
constexpr int64_t kMostPixels = 178956970;

}  // namespace

bool HasSteps(const GeometryPlan& plan) {
  return plan.cut_margin || plan.turn_to_fit || plan.border.kind != BorderKind::kNone ||
         plan.first.kind != ResizeKind::kNone;
}

Result<void> KeptRows::BeginPlaced(const Placement& place, const ImageInfo& info) {
  if (int64_t(place.window.width) * place.window.height > kMostPixels) {
    return Blame("resize",
                 fmt::format("{}x{} would first become {}x{}, more than {} pixels", place.in_width,
                             place.in_height, place.window.width, place.window.height, kMostPixels),
                 ErrorCode::kTooLarge);
  }
  picture_.Reshape(place.window.width, place.window.height, info.channels, info.type);
  return {};
}

void KeptRows::PlacedRow(int y, const uint8_t* row) {
  std::memcpy(picture_.row(y), row, picture_.stride_bytes());
}

Result<void> HandPicture(const Image& picture, const ImageInfo& like, PlacedSource& to) {
  ImageInfo info = like;
  info.width = picture.width;
  info.height = picture.height;
  info.full_width = info.full_height = 0;
  const Result<Rect> window = to.Begin(info);
  if (!window) return Failed(window);
  const size_t left = size_t(window->x) * size_t(picture.channels) * ElementBytes(picture.type);
  to.Rows(picture.row(window->y) + left, picture.stride_bytes(), window->y, window->height);
  return to.Finish();
}

void SteppedSource::OfSource::SetSource(const ImageInfo& info) {
  width_ = info.width;
  height_ = info.height;
}

Result<void> SteppedSource::OfSource::BeginPlaced(const Placement& place, const ImageInfo& info) {
  Placement of_source = place;
  of_source.in_width = width_;
  of_source.in_height = height_;
  return out_.BeginPlaced(of_source, info);
}

SteppedSource::SteppedSource(const GeometryPlan& plan, PlacedRows& out)
    : plan_(plan), last_plan_(plan), of_source_(out) {
  last_plan_.cut_margin = last_plan_.turn_to_fit = false;
  last_plan_.border = {};
  last_plan_.first = {};
  last_ = MakePlacedSource(last_plan_, of_source_);
  if (plan.first.kind == ResizeKind::kNone) return;
  first_plan_.resize = plan.first;
  first_ = MakePlacedSource(first_plan_, kept_);
}

Result<Rect> SteppedSource::Begin(const ImageInfo& info) {
  info_ = info;
  of_source_.SetSource(info);
  if (!NeedsWhole()) return first_->Begin(info);
  whole_.Reshape(info.width, info.height, info.channels, info.type);
  return Rect{0, 0, info.width, info.height};
}

void SteppedSource::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  if (!NeedsWhole()) return first_->Rows(rows, stride_bytes, y, count);
  for (int i = 0; i < count; ++i) {
    std::memcpy(whole_.row(y + i), rows + size_t(i) * stride_bytes, whole_.stride_bytes());
  }
}

Result<void> SteppedSource::Finish() {
  if (NeedsWhole()) {
    if (plan_.cut_margin) CutMargin(whole_, IsPillows(plan_));
    if (TurnsToFit(plan_, whole_.width, whole_.height)) TurnQuarter(whole_);
    if (auto bordered = AddBorder(plan_.border, IsPillows(plan_), whole_); !bordered)
      return bordered;
    if (!first_) return HandPicture(whole_, info_, *last_);
    if (auto handed = HandPicture(whole_, info_, *first_); !handed) return handed;
  } else if (auto finished = first_->Finish(); !finished) {
    return finished;
  }
  return HandPicture(kept_.picture(), info_, *last_);
}

}  // namespace imnorm
