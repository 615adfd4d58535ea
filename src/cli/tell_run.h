// What a run says while it is under way, and of what it did not find.
#pragma once

#include "cli/console.h"
#include "imnorm/inputs.h"
#include "imnorm/job.h"

namespace imnorm::cli {

// Makes a run report its failures and progress on the console, and stop on a signal.
void ShowRunOn(Console& console, RunOptions& options);

// Says what the list leaves out that a user may have meant: links to folders, patterns of --exclude
// that met nothing.
void TellList(const InputList& list, Console& console);

// Says what was looked at in vain where a run met no input at all.
void TellNothingFound(const SourceOptions& source, const RunReport& report, Console& console);

}  // namespace imnorm::cli
