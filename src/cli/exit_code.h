// Exit codes, decided in one place.
#pragma once

#include "imnorm/error.h"
#include "imnorm/report.h"

namespace imnorm::cli {

constexpr int kExitDone = 0;        // every input done
constexpr int kExitSomeFailed = 1;  // finished, some inputs failed
constexpr int kExitUsage = 2;       // command line, configuration, an INPUT that does not exist
constexpr int kExitNotDone = 3;     // no input succeeded, or the output cannot be written
constexpr int kExitClosedPipe = 128 + 13;

// Of a run that finished.
int ExitCodeOf(const RunReport& report);

// Of an error that ended a command before or during its work; 128 + signal where one did.
int ExitCodeOf(const Error& error);

}  // namespace imnorm::cli
