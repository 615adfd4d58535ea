// smart_resize in its variants: the floats decide at edges, so that every operation is the
// reference's.
#include "geometry/smart_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geometry/budget_size.h"

namespace imnorm {
namespace {

int64_t Nearest(double side, double f) { return std::llrint(side / f) * int64_t(f); }

Result<Size> Refused(int64_t width, int64_t height, const char* reason) {
  return Fail(ErrorCode::kBadArgument,
              fmt::format("{}x{}: {}, which its processor refuses", width, height, reason));
}

bool IsLonger(int64_t width, int64_t height, double ratio) {
  return double(std::max(width, height)) / double(std::min(width, height)) > ratio;
}

// Qwen's, of a picture whose pixels count `frames` times.
Result<Size> WithinPixels(const ResizePlan& plan, int64_t width, int64_t height, int frames) {
  if (IsLonger(width, height, 200.0)) return Refused(width, height, "longer than 200:1");
  const double f = plan.multiple;
  const Size size = {Nearest(double(width), f), Nearest(double(height), f)};
  const int64_t pixels = frames * size.width * size.height;
  const double own = double(frames * height * width);
  if (pixels > plan.max_pixels) {
    const double k = std::sqrt(own / double(plan.max_pixels));
    const auto shrunk = [&](int64_t side) {
      return std::max(int64_t(f), int64_t(std::floor(double(side) / k / f)) * int64_t(f));
    };
    return Size{shrunk(width), shrunk(height)};
  }
  if (pixels < plan.min_pixels) {
    const double k = std::sqrt(double(plan.min_pixels) / own);
    const auto grown = [&](int64_t side) {
      return int64_t(std::ceil(double(side) * k / f)) * int64_t(f);
    };
    return Size{grown(width), grown(height)};
  }
  return size;
}

Result<Size> Glm(const ResizePlan& plan, int64_t width, int64_t height) {
  const int64_t f = plan.multiple;
  if (height < f || width < f) {
    const double k = std::max(double(f) / double(height), double(f) / double(width));
    height = int64_t(double(height) * k);
    width = int64_t(double(width) * k);
  }
  return WithinPixels(plan, width, height, plan.frames);
}

// What is too large is shrunk, what is too small grown, from sides that are at least f.
Size Least(const ResizePlan& plan, int64_t width, int64_t height) {
  const double f = plan.multiple;
  const auto multiple = int64_t(f);
  const Size size = {std::max(multiple, Nearest(double(width), f)),
                     std::max(multiple, Nearest(double(height), f))};
  const auto own = double(height * width);
  if (size.width * size.height > plan.max_pixels) {
    const double k = std::sqrt(own / double(plan.max_pixels));
    const auto shrunk = [&](int64_t side) {
      return std::max(multiple, int64_t(std::floor(double(side) / k / f)) * multiple);
    };
    return {shrunk(width), shrunk(height)};
  }
  if (size.width * size.height < plan.min_pixels) {
    const double k = std::sqrt(double(plan.min_pixels) / own);
    const auto grown = [&](int64_t side) {
      return int64_t(std::ceil(double(side) * k / f)) * multiple;
    };
    return {grown(width), grown(height)};
  }
  return size;
}

Result<Size> Lift(const ResizePlan& plan, int64_t width, int64_t height) {
  const int64_t f = plan.multiple;
  if (height < f) {
    width = std::llrint(double(width * f) / double(height));
    height = f;
  }
  if (width < f) {
    height = std::llrint(double(height * f) / double(width));
    width = f;
  }
  return WithinPixels(plan, width, height, 1);
}

Result<Size> GlmImage(const ResizePlan& plan, int64_t width, int64_t height) {
  if (std::min(width, height) < plan.multiple) {
    return Refused(width, height, "a side below the multiple");
  }
  if (IsLonger(width, height, 4.0)) return Refused(width, height, "longer than 4:1");
  const double f = plan.multiple;
  const auto least = double(std::llrint(std::sqrt(double(plan.min_pixels))));
  const auto most = double(std::llrint(std::sqrt(double(plan.max_pixels))));
  const auto lower = double(std::min(width, height));
  const auto upper = double(std::max(width, height));
  double k = lower < least ? least / lower : 1.0;
  if (upper * k > most) k = most / upper;
  const auto nearest = [&](int64_t side) {
    return std::max(int64_t(f), Nearest(double(side / 2) * k, f));
  };
  const Size size = {nearest(width), nearest(height)};
  const auto longer = double(std::max(size.width, size.height));
  if (longer <= most) return size;
  const double d = longer / most;
  const auto shrunk = [&](int64_t side) {
    return std::max(int64_t(f), int64_t(std::floor(double(side) / d / f)) * int64_t(f));
  };
  return Size{shrunk(size.width), shrunk(size.height)};
}

}  // namespace

Result<Size> SmartSize(const ResizePlan& plan, int64_t width, int64_t height) {
  switch (plan.smart) {
    case SmartRule::kQwen:
      break;
    case SmartRule::kGlm:
      return Glm(plan, width, height);
    case SmartRule::kLift:
      return Lift(plan, width, height);
    case SmartRule::kLeast:
      return Least(plan, width, height);
    case SmartRule::kGlmImage:
      return GlmImage(plan, width, height);
    case SmartRule::kBudget:
      return BudgetSize(plan, width, height);
    case SmartRule::kPooled:
      return PooledSize(plan, width, height);
    case SmartRule::kShrunk:
      return ShrunkSize(plan, width, height);
  }
  return WithinPixels(plan, width, height, 1);
}

}  // namespace imnorm
