// The options that say where a tensor goes, and what is written beside it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.h"
#include "imnorm/output.h"

namespace imnorm::cli {

struct OutputArguments {
  std::string output, format, manifest, state_out, report_norm;
  std::optional<uint64_t> shard_size;
  std::optional<int> manifest_fd;
  bool split = false;
  bool force = false, resume = false, dry_run = false, labels = true;
};

void AddOutput(Options& options, OutputArguments& a);

// Errors:   kBadArgument: no OUT, no format that goes with it, a tensor on a terminal, a file that
//           should be "-"
Result<OutputOptions> ResolveOutput(const OutputArguments& a);

}  // namespace imnorm::cli
