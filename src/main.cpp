// imnorm: argv -> a command with its options -> a job -> the run -> an exit code.
#include <exception>
#include <string>

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "cli/help.h"
#include "cli/memory_shortage.h"
#include "cli/parse.h"
#include "cli/signals.h"
#include "cli/standard_streams.h"
#include "imnorm/process.h"
#include "io/troubles.h"
#include "kernels/target.h"

namespace imnorm::cli {
namespace {

// What the system would not do, unless an error has told it.
void TellTroubles(Console& console) {
  for (const std::string& trouble : TakeTroubles()) {
    if (!console.HasTold(trouble)) console.PrintWarning(trouble);
  }
}

int Run(int argc, char** argv) {
  Console early(ProgressMode::kNever, false, false);
  if (auto target = kernels::ApplyTargetFromEnvironment(); !target) {
    return FailWith(target.error(), early);
  }
  if (argc < 2) {
    early.PrintText(ShortHelp());
    return kExitUsage;
  }
  const auto parsed = Parse(argc, argv);
  if (!parsed) return FailWith(parsed.error(), early);
  if (const Answer* answer = std::get_if<Answer>(&*parsed)) {
    return PrintAnswer(answer->text, kExitDone, early);
  }
  const auto& invocation = std::get<std::unique_ptr<Invocation>>(*parsed);
  const ConsoleArguments& loudness = invocation->loudness;
  const auto progress = ResolveProgress(loudness);
  if (!progress) return FailWith(progress.error(), early);
  Console console(*progress, loudness.quiet, loudness.verbose);
  if (!loudness.json_log.empty()) {
    auto log = EventLog::Open(loudness.json_log);
    if (!log) return FailWith(log.error(), early);
    console.LogTo(std::move(*log), argv[1]);
  }
  const int code = invocation->Run(console);
  TellTroubles(console);
  console.EndLog(code);
  return code;
}

}  // namespace
}  // namespace imnorm::cli

int main(int argc, char** argv) {
  using namespace imnorm::cli;
  if (imnorm::IsDecodingProcess(argc, argv)) return imnorm::ServeDecoding();
  const ShortageGuard guard;
  HoldStandardStreams();
  CatchSignals();
  imnorm::OwnProcess();
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    const int code = FailWith(error);
    Console console(ProgressMode::kNever, false, false);
    TellTroubles(console);
    return code;
  }
}
