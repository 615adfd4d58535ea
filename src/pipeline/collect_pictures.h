// Pictures -> rows of a tensor, every value by a table.
#pragma once

#include "imnorm/run.h"
#include "pipeline/labels.h"
#include "pipeline/run_journal.h"
#include "sink/row_writer.h"

namespace imnorm {

// Decodes, places and maps the pictures of list[range] into rows, which the caller makes
// last. `witness`, if there is one, is told of them; what `journal` has of an earlier run is not
// done again.
//
// Errors:   those of Normalize but for opening and committing the output
Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, const Labels& labels, RowWriter& rows,
                                  RowWitness* witness = nullptr,
                                  const RunJournal* journal = nullptr);

}  // namespace imnorm
