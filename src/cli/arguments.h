// The command line as typed: one struct, no judgement beyond syntax.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/inputs.h"

namespace imnorm::cli {

enum class Command { kStats, kMerge, kNormalize, kPresets };

struct Arguments {
  Command command = Command::kStats;
  InputOptions inputs;

  // What is done to the pictures; unset: as the preset or the default says.
  std::optional<std::string> preset, config, resize, filter, crop, fill, like, exif, alpha;
  std::optional<std::string> channels;
  std::optional<int> depth, pillow;
  std::optional<int64_t> max_pixels;

  // normalize: values
  std::optional<std::string> mean, std, method, dtype, layout, stats, affine, gamma, beta;
  std::optional<std::string> state_in, state_out, momentum;
  std::optional<double> scale, qscale, eps;
  std::optional<int> qzero, groups;
  std::optional<int64_t> batch_size;
  bool fast_decode = false, drop_last = false, eval = false, denormalize = false;
  std::string report_norm;

  // normalize: output
  std::string output, format, manifest;
  bool force = false, dry_run = false, print_plan = false;

  // stats and merge
  std::string emit, per_image, weight, std_of, percentiles, ignore_value, mask_dir;
  int ddof = 0;
  bool histogram = false, per_class = false, allow_missing = false;
  std::optional<uint64_t> sample, seed;
  std::optional<double> until;

  // how the run is carried out
  std::string tensor, shard, jpeg, progress = "auto";
  std::optional<uint64_t> num_shards;
  int threads = 0;
  bool strict = false, quiet = false, verbose = false;

  std::string preset_name;  // presets NAME
};

// Text that the command line asked for and nothing else: --help, --version.
struct Answer {
  std::string text;
};

// Parses argv.
//
// Errors:   kBadArgument, with the nearest spelling of an unknown command or option
Result<std::variant<Arguments, Answer>> ParseArguments(int argc, const char* const* argv);

}  // namespace imnorm::cli
