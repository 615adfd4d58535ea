#include "cli/exit_code.h"

#include "cli/signals.h"

namespace imnorm::cli {

int ExitCodeOf(const RunReport& report) {
  if (report.done == 0) return kExitNotDone;
  return report.failures.empty() ? kExitDone : kExitSomeFailed;
}

int ExitCodeOf(const Error& error) {
  if (const int signal = StopSignal().load(); signal != 0) return 128 + signal;
  switch (error.code) {
    case ErrorCode::kBadArgument:
    case ErrorCode::kBadConfig:
    case ErrorCode::kNotFound:
      return kExitUsage;
    case ErrorCode::kCancelled:
      return kExitClosedPipe;
    default:
      return kExitNotDone;
  }
}

}  // namespace imnorm::cli
