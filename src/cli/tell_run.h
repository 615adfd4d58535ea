// What a run says while it is under way, and of what it did not find.
#pragma once

#include "cli/console.h"
#include "imnorm/inputs.h"
#include "imnorm/job.h"

namespace imnorm::cli {

// Makes a run report its failures and progress on the console, and stop on a signal.
void ShowRunOn(Console& console, RunOptions& options);

// Opens a source, telling on the console of files found meanwhile, how many there are, and what is
// left out.
//
// Errors:   those of OpenSource
Result<Source> OpenSourceOn(Console& console, SourceOptions options);

// Says what was looked at in vain where a run met no input at all.
void TellNothingFound(const SourceOptions& source, const RunReport& report, Console& console);

}  // namespace imnorm::cli
