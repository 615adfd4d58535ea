// What is contradictory in batch, layer, instance and group normalisation.
#include <fmt/format.h>

#include <cmath>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

tl::unexpected<Error> Wrong(std::string message) {
  return Fail(ErrorCode::kBadArgument, std::move(message));
}

}  // namespace

Result<void> ValidateLayer(const LayerPlan& layer, Method method, int64_t channels) {
  if (layer.batch_size < 0)
    return Wrong(fmt::format("--batch-size {} is below 0", layer.batch_size));
  if (layer.drop_last && layer.batch_size == 0) {
    return Wrong("--drop-last needs --batch-size: the whole input is one batch");
  }
  if (!std::isfinite(layer.eps) || layer.eps < 0) {
    return Wrong(fmt::format("--eps {} is not a number of 0 or above", layer.eps));
  }
  if (layer.momentum && !(*layer.momentum >= 0 && *layer.momentum <= 1)) {
    return Wrong(fmt::format("--momentum {} is outside 0..1", *layer.momentum));
  }
  if (layer.groups < 1) return Wrong(fmt::format("--groups {}: it takes 1 or more", layer.groups));
  if (method == Method::kGroup && channels % layer.groups != 0) {
    return Wrong(fmt::format("--groups {} does not divide the {} channel{}", layer.groups, channels,
                             channels == 1 ? "" : "s"));
  }
  if (method == Method::kBatch && layer.eval && layer.state_in.empty()) {
    return Wrong("--eval normalises by running statistics; --state-in says whose");
  }
  if (!layer.affine_file.empty() && !(layer.gamma.empty() && layer.beta.empty())) {
    return Wrong("--affine and --gamma/--beta exclude each other");
  }
  return {};
}

}  // namespace imnorm
