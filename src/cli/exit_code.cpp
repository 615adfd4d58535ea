// From error codes and outcomes to exit codes.
#include "cli/exit_code.h"

#include "cli/signals.h"

namespace imnorm::cli {

int ExitCodeOf(const RunReport& report) {
  if (report.done == 0) return kExitNotDone;
  return report.failures.empty() ? kExitDone : kExitSomeFailed;
}

int ExitCodeOf(const Error& error) {
  if (const int signal = StopSignal().load(); signal != 0) return 128 + signal;
  // Whatever is wrong with the input that a strict run stopped at: the command line is right.
  if (error.setting == "conduct.strict") return kExitNotDone;
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
