// Rows of pictures as a plan makes them, one after another, by whatever decoder arithmetic is asked
// for.
#pragma once

#include <memory>

#include "imnorm/inputs.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"
#include "pipeline/native_source.h"
#include "pipeline/picture_input.h"
#include "pipeline/plane_writer.h"
#include "statistics/row_difference.h"

namespace imnorm {

// What all threads that make rows of a plan share.
struct RowPlan {
  Plan plan;
  DecodeOptions decode;
  std::unique_ptr<const PlanTables> tables;

  // Errors:   those of ValidatePlan; kBadArgument: a plan that needs more than one picture, or is
  //           not for pictures; kInstallation
  static Result<std::unique_ptr<RowPlan>> Create(const Plan& plan, const RunOptions& options);
};

// Threads:  one a thread
class RowMaker {
 public:
  // `plan` outlives it.
  explicit RowMaker(const RowPlan& plan)
      : plan_(plan),
        planes_(plan.plan, *plan.tables),
        geometry_(MakePlanSource(plan.plan, planes_)) {}

  // Reads and decodes a picture into a row.
  ItemOutcome Make(const Input& input, ComparedRow& row);

 private:
  const RowPlan& plan_;
  PictureWorker picture_;
  PlaneWriter planes_;
  std::unique_ptr<PlacedSource> geometry_;
};

}  // namespace imnorm
