// A picture with what a plan keeps of it framed.
#pragma once

#include <memory>

#include "imnorm/image.h"
#include "imnorm/inputs.h"
#include "pipeline/row_maker.h"

namespace imnorm {

// Threads:  one a thread
class WindowMaker {
 public:
  // Errors:   those of RowPlan::Create
  static Result<WindowMaker> Create(const Plan& plan, int side, const RunOptions& options);

  // The picture within side x side; what the plan cuts off is darkened, what it pads is its fill.
  //
  // Rules:    `outcome` tells of the picture; without one there is no image
  Image Make(const Input& input, ItemOutcome* outcome);

 private:
  Plan plan_;
  int side_ = 0;
  std::unique_ptr<RowPlan> whole_;  // the picture as it is, small
  std::unique_ptr<RowMaker> maker_;
};

}  // namespace imnorm
