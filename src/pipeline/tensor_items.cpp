// Counts a tensor's samples.
#include "pipeline/tensor_items.h"

#include "pipeline/tensor_hash.h"

namespace imnorm {

TensorItems::TensorItems(const TensorSource& source, const TensorFile& file, ShardRange range,
                         const RunOptions& options)
    : RunItems(options), source_(source), shape_(file.shape()), range_(range) {}

bool TensorItems::Add(size_t item, ItemOutcome& outcome) {
  if (aborted()) return false;
  if (!outcome.decoded) Abort(Prefixed(source_.path, outcome.decoded.error()).value());
  if (options().progress) options().progress(item + 1, 0, count());
  return outcome.decoded.has_value();
}

RunReport TensorItems::Report() {
  RunReport report;
  report.list_hash = TensorHash(source_);
  report.input_shape = shape_;
  report.list_size = uint64_t(shape_.front());
  report.inputs = report.done = count();
  return report;
}

}  // namespace imnorm
