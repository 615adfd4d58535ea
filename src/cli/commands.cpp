#include "cli/commands.h"

#include "cli/exit_code.h"
#include "cli/signals.h"
#include "sink/standard_output.h"

namespace imnorm::cli {

void ShowRunOn(Console& console, RunOptions& options) {
  options.stop = &StopSignal();
  options.on_failure = [&](const Failure& failure) { console.PrintFailure(failure); };
  options.progress = [&](uint64_t finished, uint64_t failed, uint64_t total) {
    console.ShowProgress(finished, failed, total);
  };
}

int FailWith(const Error& error, Console& console) {
  if (error.code != ErrorCode::kCancelled) console.PrintError(error.message);
  return ExitCodeOf(error);
}

int PrintAnswer(std::string_view text, int code, Console& console) {
  const auto written = WriteStdout(text);
  return written ? code : FailWith(written.error(), console);
}

}  // namespace imnorm::cli
