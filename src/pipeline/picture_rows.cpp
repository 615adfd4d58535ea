// Decodes, places and maps one picture after another.
#include "pipeline/picture_rows.h"

#include "geometry/placed_source.h"
#include "pipeline/overview_source.h"
#include "pipeline/patch_numbers.h"
#include "pipeline/picture_input.h"

namespace imnorm {

class PictureRows::Maker : public RowSource::Worker {
 public:
  explicit Maker(const PictureRows& rows) : rows_(rows), planes_(rows.plan_, *rows.tables_) {
    if (rows.plan_.patches.overview == Overview::kNone) {
      geometry_ = MakePlacedSource(rows.plan_.geometry, planes_);
    } else {
      auto overview = std::make_unique<OverviewSource>(rows.plan_, *rows.tables_, planes_);
      overview_ = overview.get();
      geometry_ = std::move(overview);
    }
  }

  void Make(size_t item, MadeRow& row) override {
    planes_.SetOutput(&row.bytes);
    row.outcome = DecodePlaced(rows_.log_.input(item), rows_.decode_, picture_, *geometry_);
    if (!row.outcome.decoded) return;
    if (row.outcome.decoded->nodata) row.outcome.decoded->Say(NoteKind::kNodataKept);
    row.outcome.width = planes_.placement().in_width;
    row.outcome.height = planes_.placement().in_height;
    planes_.RowShape(row.shape);
    row.patches = planes_.patches();
    row.met = planes_.met();
    if (!row.patches) return;
    row.outcome.rows = row.patches->count();
    row.numbers = PatchNumbersOf(rows_.plan_.patches, *row.patches);
    if (row.patches->overview) row.met += overview_->met();
  }

 private:
  const PictureRows& rows_;
  PictureWorker picture_;
  PlaneWriter planes_;
  std::unique_ptr<PlacedSource> geometry_;
  OverviewSource* overview_ = nullptr;  // geometry_, where there are overviews
};

Result<PictureRows> PictureRows::Create(const RunLog& log, const Plan& plan,
                                        const RunOptions& options) {
  auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  return PictureRows(log, plan, DecodeOptionsOf(plan, options), std::move(*tables));
}

std::unique_ptr<RowSource::Worker> PictureRows::MakeWorker() const {
  return std::make_unique<Maker>(*this);
}

}  // namespace imnorm
