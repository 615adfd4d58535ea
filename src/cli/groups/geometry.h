// The options that say what is done to a picture before its values: presets, size, pixels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

// Unset: as the preset or the default says.
struct GeometryArguments {
  std::optional<std::string> preset, config, resize, filter, crop, fill, like, exif, alpha, icc;
  std::optional<std::string> channels, opencv;
  std::optional<int> depth, pillow;
  std::optional<int64_t> max_pixels;
  bool fast_decode = false, print_plan = false;
};

// `presets` is what --preset and --config are for: statistics of a tensor take none.
void AddGeometry(Options& options, GeometryArguments& a, Fits presets);

// The plan of the preset, or the defaults, under these options.
//
// Rules:    an engine (--like) sets its rules first, single flags come after it. Without a preset
//           and a config they go over `plan`
// Errors:   kBadArgument, kBadConfig, kNotFound, each naming its flag
Result<Plan> ResolveGeometry(const GeometryArguments& a, Plan plan = {});

}  // namespace imnorm::cli
