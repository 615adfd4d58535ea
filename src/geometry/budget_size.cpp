// Fits pictures to a number of patches, each operation as Python does it.
#include "geometry/budget_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace imnorm {

Size BudgetSize(const ResizePlan& plan, int64_t width, int64_t height) {
  constexpr double kNear = 1e-5;
  const double f = plan.multiple;
  const auto side = [&](int64_t of, double scale) {
    return int64_t(std::max(f, std::ceil(double(of) * scale / f) * f));
  };
  double low = kNear / 10, high = 100.0;
  while (high - low >= kNear) {
    const double k = (low + high) / 2;
    (side(width, k) * side(height, k) <= plan.max_pixels ? low : high) = k;
  }
  return {side(width, low), side(height, low)};
}

Result<Size> PooledSize(const ResizePlan& plan, int64_t width, int64_t height) {
  const int64_t step = plan.multiple;
  const double k = std::sqrt(double(plan.max_pixels) / double(height * width));
  const auto cut = [&](int64_t side) {
    return int64_t(std::floor(k * double(side) / double(step))) * step;
  };
  Size size = {cut(width), cut(height)};
  const int64_t longest = plan.max_pixels / (step * step) * step;
  if (size.width == 0 && size.height == 0) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("{}x{} has no room for a patch, which its processor refuses", width, height));
  }
  if (size.height == 0) return Size{std::min(width / height * step, longest), step};
  if (size.width == 0) return Size{step, std::min(height / width * step, longest)};
  return size;
}

Size ShrunkSize(const ResizePlan& plan, int64_t width, int64_t height) {
  const int64_t p = plan.patch;
  const auto patches = double(plan.max_pixels / (p * p));
  const double across = std::max(1.0, double(width / p));
  const double down = std::max(1.0, double(height / p));
  const double most = plan.max_size;
  const double k = std::min(
      {1.0, std::sqrt(patches / (across * down)), most / double(width), most / double(height)});
  const auto shrunk = [&](int64_t side) {
    return std::min(std::max<int64_t>(1, int64_t(double(side) * k)), int64_t(plan.max_size));
  };
  return {shrunk(width), shrunk(height)};
}

}  // namespace imnorm
