// What --dry-run says of a job.
#pragma once

#include <cstddef>
#include <string>

#include "imnorm/job.h"

namespace imnorm::cli {

// Inputs, output, shape and bytes, a line each; `inputs` is how many pictures there are.
//
// Errors:   those of opening a tensor; kInstallation: a module that the plan needs is missing
Result<std::string> DryRunText(const Job& job, size_t inputs);

// A dry run ends as the run would, as far as can be told without writing.
//
// Errors:   kBadArgument: OUT exists
Result<void> CheckDryRun(const OutputOptions& output);

}  // namespace imnorm::cli
