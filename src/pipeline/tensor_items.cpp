// Counts a tensor's samples.
#include "pipeline/tensor_items.h"

#include "pipeline/tensor_hash.h"

namespace imnorm {

TensorItems::TensorItems(const TensorSource& source, const TensorFile& file, uint64_t samples,
                         ShardRange range, const RunOptions& options)
    : RunItems(options),
      source_(source),
      shape_(file.shape()),
      list_size_(samples),
      range_(range) {}

bool TensorItems::Add(size_t item, ItemOutcome& outcome) {
  if (aborted()) return false;
  if (!outcome.decoded) Abort(Prefixed(source_.path, outcome.decoded.error()).value());
  if (options().progress) options().progress(item + 1, 0, count());
  return outcome.decoded.has_value();
}

RunReport TensorItems::Report() {
  RunReport report;
  report.list_hash = TensorHash(source_);
  if (source_.layout.empty()) report.input_shape = shape_;
  report.list_size = list_size_;
  report.inputs = report.done = count();
  return report;
}

}  // namespace imnorm
