// Computes from a picture's size what is resized to what, and which window of that is the row.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/geometry.h"

namespace imnorm {
namespace {

constexpr int64_t kMaxSide = 1 << 24;

struct Size {
  int64_t width = 0;
  int64_t height = 0;
};

// int(a * b / c) as Python computes it: an exact product, one rounded division, cut off.
int64_t ScaleDown(int64_t a, int64_t b, int64_t c) { return int64_t(double(a * b) / double(c)); }

// Both sides times one scale, then rounded.
Size Rounded(const ResizePlan& plan, int64_t width, int64_t height) {
  const bool by_short = plan.kind == ResizeKind::kShortEdge;
  const double scale =
      double(plan.size) / double(by_short ? std::min(width, height) : std::max(width, height));
  double new_width = double(width) * scale;
  double new_height = double(height) * scale;
  const double longest = std::max(new_width, new_height);
  if (by_short && plan.max_size > 0 && longest > plan.max_size) {
    const double bound = double(plan.max_size) / longest;
    new_width *= bound;
    new_height *= bound;
  }
  if (plan.rounding == SideRounding::kHalfEven) {
    return {std::max(1L, std::lrint(new_width)), std::max(1L, std::lrint(new_height))};
  }
  return {int64_t(new_width + 0.5), int64_t(new_height + 0.5)};
}

Size ShortEdge(const ResizePlan& plan, int64_t width, int64_t height) {
  const bool upright = width <= height;
  int64_t new_short = plan.size;
  int64_t new_long =
      upright ? ScaleDown(plan.size, height, width) : ScaleDown(plan.size, width, height);
  if (plan.max_size > 0 && new_long > plan.max_size) {
    new_short = ScaleDown(plan.max_size, new_short, new_long);
    new_long = plan.max_size;
  }
  return upright ? Size{new_short, new_long} : Size{new_long, new_short};
}

Size LongEdge(const ResizePlan& plan, int64_t width, int64_t height) {
  if (width <= height) return {ScaleDown(plan.size, width, height), plan.size};
  return {plan.size, ScaleDown(plan.size, height, width)};
}

// timm's ResizeKeepRatio: the ratio is divided by, and sides are rounded half to even.
Size KeepRatio(const ResizePlan& plan, int64_t width, int64_t height) {
  const double across = double(width) / double(plan.width);
  const double down = double(height) / double(plan.height);
  const double ratio =
      plan.kind == ResizeKind::kRatioInside ? std::max(across, down) : std::min(across, down);
  return {std::llrint(double(width) / ratio), std::llrint(double(height) / ratio)};
}

// DETR's get_size_with_aspect_ratio. The long side follows the unrounded short one.
Size ShortEdgeWithin(const ResizePlan& plan, int64_t width, int64_t height) {
  const bool upright = width <= height;
  const double low = double(upright ? width : height);
  const double high = double(upright ? height : width);
  double raw = plan.size;
  if (high / low * plan.size > plan.max_size) raw = plan.max_size * low / high;
  const int64_t new_short = std::llrint(raw);
  if (new_short == int64_t(low)) return {width, height};
  const int64_t new_long = int64_t(raw * high / low);
  return upright ? Size{new_short, new_long} : Size{new_long, new_short};
}

Size ResizedSize(const ResizePlan& plan, int64_t width, int64_t height) {
  switch (plan.kind) {
    case ResizeKind::kNone:
      return {width, height};
    case ResizeKind::kExact:
      return {plan.width, plan.height};
    case ResizeKind::kShortEdge:
      if (plan.rounding != SideRounding::kTruncate) return Rounded(plan, width, height);
      return ShortEdge(plan, width, height);
    case ResizeKind::kLongEdge:
      if (plan.rounding != SideRounding::kTruncate) return Rounded(plan, width, height);
      return LongEdge(plan, width, height);
    case ResizeKind::kFitInside: {
      const double ratio =
          std::min(double(plan.width) / double(width), double(plan.height) / double(height));
      return {int64_t(double(width) * ratio), int64_t(double(height) * ratio)};
    }
    case ResizeKind::kRatioInside:
    case ResizeKind::kRatioOutside:
      return KeepRatio(plan, width, height);
    case ResizeKind::kShortEdgeWithin:
      return ShortEdgeWithin(plan, width, height);
    case ResizeKind::kLetterbox: {
      const double ratio =
          std::min(double(plan.width) / double(width), double(plan.height) / double(height));
      return {std::llrint(double(width) * ratio), std::llrint(double(height) * ratio)};
    }
  }
  return {width, height};
}

// One axis of a centre crop: where the window starts and how wide it is, or the pad before it.
struct AxisCrop {
  int begin = 0;
  int length = 0;
  int pad = 0;
};

AxisCrop CropAxis(int size, int crop, CropRounding rounding) {
  if (crop <= 0) return {0, size, 0};
  const bool half_even = rounding == CropRounding::kHalfEven;
  if (size < crop) {
    return {0, size, (crop - size + (rounding == CropRounding::kFloor ? 1 : 0)) / 2};
  }
  const int begin = half_even ? int(std::nearbyint((size - crop) / 2.0)) : (size - crop) / 2;
  return {begin, crop, 0};
}

}  // namespace

Result<Placement> Place(const GeometryPlan& plan, int width, int height) {
  const Size resized = ResizedSize(plan.resize, width, height);
  if (resized.width < 1 || resized.height < 1 || resized.width > kMaxSide ||
      resized.height > kMaxSide) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{}x{} would be resized to {}x{}: sides must be 1 to {}", width, height,
                            resized.width, resized.height, kMaxSide));
  }
  Placement place;
  place.in_width = width;
  place.in_height = height;
  place.resized_width = int(resized.width);
  place.resized_height = int(resized.height);
  if (plan.resize.kind == ResizeKind::kLetterbox) {
    int pad_x = plan.resize.width - place.resized_width;
    int pad_y = plan.resize.height - place.resized_height;
    if (plan.resize.stride > 0) {
      pad_x %= plan.resize.stride;
      pad_y %= plan.resize.stride;
    }
    const double side = pad_x / 2.0;
    const double top = pad_y / 2.0;
    place.gain = std::min(double(plan.resize.width) / width, double(plan.resize.height) / height);
    place.window = {0, 0, place.resized_width, place.resized_height};
    place.pad_left = int(std::nearbyint(side - 0.1));
    place.pad_top = int(std::nearbyint(top - 0.1));
    place.out_width = place.resized_width + pad_x;
    place.out_height = place.resized_height + pad_y;
    return place;
  }
  const AxisCrop x = CropAxis(place.resized_width, plan.crop.width, plan.crop.rounding);
  const AxisCrop y = CropAxis(place.resized_height, plan.crop.height, plan.crop.rounding);
  place.window = {x.begin, y.begin, x.length, y.length};
  place.pad_left = x.pad;
  place.pad_top = y.pad;
  place.out_width = plan.crop.width > 0 ? plan.crop.width : place.resized_width;
  place.out_height = plan.crop.height > 0 ? plan.crop.height : place.resized_height;
  return place;
}

}  // namespace imnorm
