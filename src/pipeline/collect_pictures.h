// Pictures -> rows of a tensor, every value by a table.
#pragma once

#include "imnorm/run.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// Decodes, places and maps the pictures of list[range] into the rows of an open sink, which the
// caller commits.
//
// Errors:   those of NormalizePictures but for opening and committing the output
Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, TensorSink& sink);

}  // namespace imnorm
