// Who is told of every input of a run that makes rows.
#pragma once

#include <cstddef>

#include "pipeline/row_source.h"
#include "sink/row_writer.h"

namespace imnorm {

// Threads:  calls come from one thread at a time, in the order of the items
class RowWitness {
 public:
  virtual ~RowWitness() = default;

  // Of one that has no row, before somebody changes its words.
  virtual void AddBad(size_t item, const ItemOutcome& outcome) = 0;
  // Of one whose rows were followed and are not yet written.
  //
  // Errors:   what ends the run
  virtual Result<void> AddGood(size_t item, const MadeRow& row, const RowBlock& rows) = 0;
};

}  // namespace imnorm
