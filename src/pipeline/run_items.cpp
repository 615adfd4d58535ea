// How a run ends.
#include "pipeline/run_items.h"

namespace imnorm {

int ThreadsOf(const RunOptions& options) {
  return options.threads > 0 ? options.threads : UsableCpus();
}

void RunItems::Abort(Error error) {
  const std::lock_guard lock(error_mutex_);
  if (!error_) error_ = std::move(error);
  aborted_ = true;
}

Result<RunReport> RunItems::Finish() {
  if (options_.stop()) return Fail(ErrorCode::kCancelled, "stopped");
  if (error_) return tl::unexpected<Error>(*error_);
  RunReport report = Report();
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  return report;
}

}  // namespace imnorm
