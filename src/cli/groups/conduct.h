// The options that say how a run is carried out and what is said of it; they change no byte.
#pragma once

#include <optional>
#include <string>

#include "cli/console.h"
#include "cli/options.h"
#include "imnorm/run.h"

namespace imnorm::cli {

struct ConductArguments {
  std::string jpeg, png, memory;
  std::optional<double> timeout;
  int threads = 0;
  bool strict = false, isolate = false;
};

struct ConsoleArguments {
  std::string progress = "auto";
  std::string json_log;
  bool quiet = false, verbose = false;
};

void AddConduct(Options& options, ConductArguments& a, ConsoleArguments& console);
void AddLoudness(Options& options, ConsoleArguments& a);

// Threads, strictness, decoders (--jpeg or IMNORM_JPEG, --png or IMNORM_PNG).
//
// Errors:   kBadArgument
Result<RunOptions> ResolveConduct(const ConductArguments& a);

// --progress auto|always|never|json.
Result<ProgressMode> ResolveProgress(const ConsoleArguments& a);

}  // namespace imnorm::cli
