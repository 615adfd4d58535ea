// The commands: each takes the arguments, does the work and returns the exit code.
#pragma once

#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/parse_values.h"
#include "imnorm/run.h"

namespace imnorm::cli {

int RunStats(const Arguments& arguments, Console& console);
int RunMerge(const Arguments& arguments, Console& console);
int RunNormalize(const Arguments& arguments, Console& console);
int RunPresets(const Arguments& arguments, Console& console);

// Makes a run report its failures and progress on the console, and stop on a signal.
void ShowRunOn(Console& console, RunOptions& options);

// Says what the list leaves out that a user may have meant: links to folders, patterns of --exclude
// that met nothing.
void TellList(const InputList& list, Console& console);

// Says what was looked at in vain where a run met no input at all.
void TellNothingFound(const Arguments& arguments, const Shard& shard, const RunReport& report,
                      Console& console);

// Prints the error and returns its exit code.
int FailWith(const Error& error, Console& console);

// Writes text to stdout; on a terminal only what is printable.
Result<void> WriteText(std::string_view text);

// Writes text to stdout, likewise; the exit code is `code` unless that fails.
int PrintAnswer(std::string_view text, int code, Console& console);

}  // namespace imnorm::cli
