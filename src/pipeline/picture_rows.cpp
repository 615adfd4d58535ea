// Decodes, places and maps one picture after another.
#include "pipeline/picture_rows.h"

#include <algorithm>
#include <utility>

#include "geometry/placed_source.h"
#include "imnorm/probe.h"
#include "pipeline/native_source.h"
#include "pipeline/patch_numbers.h"
#include "pipeline/picture_input.h"
#include "pipeline/views_source.h"
#include "source/read_input.h"

namespace imnorm {

class PictureRows::Maker : public RowSource::Worker {
 public:
  explicit Maker(const PictureRows& rows) : rows_(rows), planes_(rows.plan_, *rows.tables_) {
    if (HasViews(rows.plan_.patches)) {
      auto views = std::make_unique<ViewsSource>(rows.plan_, *rows.tables_, planes_);
      views_ = views.get();
      geometry_ = std::move(views);
    } else {
      geometry_ = MakePlanSource(rows.plan_, planes_);
    }
  }

  void Make(size_t item, MadeRow& row) override {
    planes_.SetOutput(&row.bytes);
    row.outcome = DecodePlaced(rows_.log_.input(item), rows_.decode_, picture_, *geometry_);
    if (!row.outcome.decoded) return;
    if (row.outcome.decoded->nodata) {
      const bool fills = rows_.plan_.channels == ChannelOrder::kNative;
      row.outcome.decoded->Say(fills ? NoteKind::kNodataFilled : NoteKind::kNodataKept);
    }
    row.outcome.width = planes_.placement().in_width;
    row.outcome.height = planes_.placement().in_height;
    planes_.RowShape(row.shape);
    row.patches = planes_.patches();
    row.met = planes_.met();
    if (views_) row.met += views_->met();
    if (!HasNumbers(rows_.plan_.patches)) return;
    if (!row.patches) row.patches = PatchGrid{1, 1};  // the picture is one
    row.outcome.rows = row.patches->made_rows();
    row.numbers = PatchNumbersOf(rows_.plan_, *row.patches, planes_.placement());
  }

 private:
  const PictureRows& rows_;
  PictureWorker picture_;
  PlaneWriter planes_;
  std::unique_ptr<PlacedSource> geometry_;
  ViewsSource* views_ = nullptr;  // geometry_, where it is one
};

Result<PictureRows> PictureRows::Create(const RunLog& log, const Plan& plan,
                                        const RunOptions& options) {
  auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  return PictureRows(log, plan, DecodeOptionsOf(plan, options), std::move(*tables));
}

namespace {

// The first picture's, without decoding it; where it says nothing some size that is none too small.
std::pair<int, int> SizeOfFirst(const RunLog& log) {
  constexpr uint64_t kMost = uint64_t{1} << 30;
  constexpr size_t kTries = 8;
  std::vector<uint8_t> bytes;
  for (size_t item = 0; item < std::min(log.count(), kTries); ++item) {
    if (!ReadInput(log.input(item), kMost, bytes)) continue;
    if (const auto info = Probe(bytes)) return {info->width, info->height};
  }
  return {4096, 4096};
}

}  // namespace

uint64_t PictureRows::row_bytes() const {
  constexpr int kAny = 256;
  const GeometryPlan& geometry = plan_.geometry;
  const bool native = geometry.resize.kind == ResizeKind::kNone && geometry.crop.width == 0;
  const auto [width, height] = native ? SizeOfFirst(log_) : std::pair(kAny, kAny);
  const auto place = Place(geometry, width, height);
  if (!place) return 0;
  return uint64_t(place->out_width) * uint64_t(place->out_height) * uint64_t(ChannelCount(plan_)) *
         ElementBytes(plan_.values.dtype);
}

std::unique_ptr<RowSource::Worker> PictureRows::MakeWorker() const {
  return std::make_unique<Maker>(*this);
}

}  // namespace imnorm
