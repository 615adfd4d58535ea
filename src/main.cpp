// imnorm: argv -> Arguments -> Plan -> run -> exit code.
#include <exception>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/resolve.h"
#include "cli/signals.h"
#include "cli/standard_streams.h"
#include "kernels/target.h"

namespace imnorm::cli {
namespace {

int Run(int argc, char** argv) {
  Console early(ProgressMode::kNever, false, false);
  if (auto target = kernels::ApplyTargetFromEnvironment(); !target) {
    return FailWith(target.error(), early);
  }
  if (argc < 2) {
    early.PrintText(ShortHelp());
    return kExitUsage;
  }
  const auto parsed = ParseArguments(argc, argv);
  if (!parsed) return FailWith(parsed.error(), early);
  if (const Answer* answer = std::get_if<Answer>(&*parsed)) {
    return PrintAnswer(answer->text, kExitDone, early);
  }
  const Arguments& arguments = std::get<Arguments>(*parsed);
  const auto progress = ResolveProgress(arguments);
  if (!progress) return FailWith(progress.error(), early);

  Console console(*progress, arguments.quiet, arguments.verbose);
  switch (arguments.command) {
    case Command::kStats:
      return RunStats(arguments, console);
    case Command::kMerge:
      return RunMerge(arguments, console);
    case Command::kNormalize:
      return RunNormalize(arguments, console);
    case Command::kPresets:
      return RunPresets(arguments, console);
  }
  return kExitUsage;
}

}  // namespace
}  // namespace imnorm::cli

int main(int argc, char** argv) {
  imnorm::cli::HoldStandardStreams();
  imnorm::cli::CatchSignals();
  try {
    return imnorm::cli::Run(argc, argv);
  } catch (const std::exception& error) {
    imnorm::cli::Console(imnorm::cli::ProgressMode::kNever, false, false).PrintError(error.what());
    return imnorm::cli::kExitNotDone;
  }
}
