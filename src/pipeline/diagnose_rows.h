// From rows that differ to causes: by their values, and by making them again in other ways.
#pragma once

#include <vector>

#include "imnorm/compare.h"
#include "pipeline/compare_stages.h"

namespace imnorm {

struct DiagnosisCase {
  const ComparedSide& a;
  const ComparedSide& b;
  const RowsOfSide& rows_a;
  const RowsOfSide& rows_b;
  const InputList& pictures;
  const std::vector<ComparedItem>& items;
};

// Looks at some of the rows that differ: the worst, and others from first to last.
//
// Errors:   those of RowsOfSide::Read; kCancelled
Result<std::vector<Diagnosis>> DiagnoseRows(const DiagnosisCase& found, const RunOptions& options);

}  // namespace imnorm
