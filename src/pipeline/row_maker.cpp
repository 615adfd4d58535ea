// Joins decoder, geometry and values for one picture after another.
#include "pipeline/row_maker.h"

#include "pipeline/needed_modules.h"
#include "pipeline/picture_plan.h"

namespace imnorm {

Result<std::unique_ptr<RowPlan>> RowPlan::Create(const Plan& plan, const RunOptions& options) {
  if (auto valid = ValidatePlan(plan); !valid) return Failed(valid);
  if (auto valid = CheckPicturePlan(plan); !valid) return Failed(valid);
  if (plan.method != Method::kGiven && plan.method != Method::kNone) {
    return Blame("method",
                 "rows are made one by one, without the statistics of others: normalize with "
                 "`method` first, and compare the files");
  }
  if (auto whole = CheckWholePictures(plan); !whole) return Failed(whole);
  if (auto loaded = LoadModulesOf(plan); !loaded) return Failed(loaded);
  auto made = std::make_unique<RowPlan>();
  made->plan = plan;
  made->decode = DecodeOptionsOf(plan, options);
  auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  made->tables = std::move(*tables);
  return made;
}

ItemOutcome RowMaker::Make(const Input& input, ComparedRow& row) {
  planes_.SetOutput(&row.elements);
  ItemOutcome outcome = DecodePlaced(input, plan_.decode, picture_, *geometry_);
  if (!outcome.decoded) return outcome;
  outcome.width = planes_.placement().in_width;
  outcome.height = planes_.placement().in_height;
  row.type = plan_.plan.values.dtype;
  planes_.RowShape(row.shape);
  row.channels_last = plan_.plan.layout == Layout::kNhwc;
  return outcome;
}

}  // namespace imnorm
