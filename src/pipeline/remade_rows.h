// Ways in which others make the rows of pictures, and which of them explains a difference.
#pragma once

#include <optional>
#include <vector>

#include "imnorm/compare.h"
#include "pipeline/row_maker.h"

namespace imnorm {

// A picture, the row that this side's plan makes of it, and the other side's.
struct RemadePair {
  const Input* input;
  std::vector<double> made, other;
};

// What one change of the plan, or another decoder's arithmetic, explains: it gives the other side's
// very rows or, where only others' arithmetic can, nearly.
//
// Rules:    `other` is the name of the other side. The change that leaves least is told
// Errors:   kCancelled. A way that cannot be gone (a module is missing) is passed over
Result<std::optional<Diagnosis>> DiagnoseRemade(const Plan& plan,
                                                const std::vector<RemadePair>& pairs,
                                                std::string_view other, const RunOptions& options);

}  // namespace imnorm
