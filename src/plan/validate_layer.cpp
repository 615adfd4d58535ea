// What is contradictory in batch, layer, instance and group normalisation.
#include <fmt/format.h>

#include <cmath>

#include "imnorm/plan.h"

namespace imnorm {
Result<void> ValidateLayer(const LayerPlan& layer, Method method, int64_t channels) {
  if (layer.batch_size < 0)
    return Blame("layer.batch_size",
                 fmt::format("`layer.batch_size` {} is below 0", layer.batch_size));
  if (layer.drop_last && layer.batch_size == 0) {
    return Blame("layer.drop_last",
                 "`layer.drop_last` needs `layer.batch_size`: the whole input is one batch");
  }
  if (!std::isfinite(layer.eps) || layer.eps < 0) {
    return Blame("layer.eps",
                 fmt::format("`layer.eps` {} is not a number of 0 or above", layer.eps));
  }
  if (layer.momentum && !(*layer.momentum >= 0 && *layer.momentum <= 1)) {
    return Blame("layer.momentum",
                 fmt::format("`layer.momentum` {} is outside 0..1", *layer.momentum));
  }
  if (layer.groups < 1)
    return Blame("layer.groups",
                 fmt::format("`layer.groups` {}: it takes 1 or more", layer.groups));
  if (method == Method::kGroup && channels % layer.groups != 0) {
    return Blame("layer.groups", fmt::format("`layer.groups` {} does not divide the {} channel{}",
                                             layer.groups, channels, channels == 1 ? "" : "s"));
  }
  if (method == Method::kBatch && layer.eval && layer.state_in.empty()) {
    return Blame("layer.eval",
                 "`layer.eval` normalises by running statistics; `layer.state_in` says whose");
  }
  if (!layer.state_prefix.empty() && layer.state_in.empty() && layer.affine_file.empty()) {
    return Blame("layer.state_prefix",
                 "`layer.state_prefix` is of names in `layer.state_in` or `layer.affine_file`");
  }
  if (!layer.affine_file.empty() && !(layer.gamma.empty() && layer.beta.empty())) {
    return Blame("layer.affine_file",
                 "`layer.affine_file` and `layer.gamma`/`layer.beta` exclude each other");
  }
  return {};
}

}  // namespace imnorm
