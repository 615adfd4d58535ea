// The options that say what is measured, and of which pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.h"
#include "imnorm/run.h"

namespace imnorm::cli {

struct MeasureArguments {
  std::string per_image, write_checksums, weight, std_of, percentiles, ignore_value, mask_dir;
  int ddof = 0;
  bool histogram = false, per_class = false;
  std::optional<double> scale, until;
  std::optional<uint64_t> sample, seed;
};

void AddMeasures(Options& options, MeasureArguments& a);

// `sharded`: --shard is given. `overwrite`: --force, for the file a picture.
//
// Errors:   kBadArgument; kNotFound: --mask-dir
Result<StatsOptions> ResolveMeasures(const MeasureArguments& a, bool sharded, bool overwrite);

}  // namespace imnorm::cli
