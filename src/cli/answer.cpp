// Errors and answers on their way out.
#include "cli/answer.h"

#include <unistd.h>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "io/standard_output.h"
#include "json/printable.h"

namespace imnorm::cli {

int FailWith(const Error& error, Console& console) {
  if (error.code != ErrorCode::kCancelled) console.PrintError(error);
  return ExitCodeOf(error);
}

Result<void> WriteText(std::string_view text) {
  return TerminalOf(STDOUT_FILENO).there ? WriteStdout(PrintableLines(text)) : WriteStdout(text);
}

int PrintAnswer(std::string_view text, int code, Console& console) {
  const auto written = WriteText(text);
  return written ? code : FailWith(written.error(), console);
}

}  // namespace imnorm::cli
