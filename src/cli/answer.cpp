// Errors and answers on their way out.
#include "cli/answer.h"

#include <unistd.h>

#include <new>

#include "cli/exit_code.h"
#include "cli/memory_shortage.h"
#include "cli/signals.h"
#include "cli/terminal.h"
#include "io/standard_output.h"
#include "json/printable.h"

namespace imnorm::cli {

int FailWith(const Error& error, Console& console) {
  if (error.code != ErrorCode::kCancelled) console.PrintError(error);
  // It stops runs, and is behind many another error.
  if (MemoryIsShort() && StopSignal().load() == 0) return TellShortage();
  return ExitCodeOf(error);
}

int FailWith(const std::exception& error) noexcept {
  try {
    if (dynamic_cast<const std::bad_alloc*>(&error) == nullptr) {
      Console(ProgressMode::kNever, false, false).PrintError(error.what());
      return kExitNotDone;
    }
  } catch (const std::exception&) {
    // There was memory for the exception, but not for its words.
  }
  return TellShortage();
}

Result<void> WriteText(std::string_view text) {
  return TerminalOf(STDOUT_FILENO).there ? WriteStdout(PrintableLines(text)) : WriteStdout(text);
}

int PrintAnswer(std::string_view text, int code, Console& console) {
  const auto written = WriteText(text);
  return written ? code : FailWith(written.error(), console);
}

}  // namespace imnorm::cli
