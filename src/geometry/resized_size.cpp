// The sizes that pictures are resized to.
#include "geometry/resized_size.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geometry/canvas_grid.h"
#include "geometry/smart_size.h"
#include "geometry/tile_grid.h"

namespace imnorm {
namespace {

constexpr int64_t kLeastOfFewest = 10;  // as Phi-4's own processor has it

// int(a * b / c) as Python computes it: an exact product, one rounded division, cut off.
int64_t ScaleDown(int64_t a, int64_t b, int64_t c) { return int64_t(double(a * b) / double(c)); }

// Both sides times one scale, then rounded.
Size Rounded(const ResizePlan& plan, int64_t width, int64_t height) {
  const bool by_short = plan.kind == ResizeKind::kShortEdge;
  const double scale =
      double(plan.size) / double(by_short ? std::min(width, height) : std::max(width, height));
  if (plan.rounding == SideRounding::kScaled) {
    const auto cut = [&](int64_t side) {
      return std::max(int64_t(double(side) * scale), int64_t(plan.min_side));
    };
    return width >= height ? Size{plan.size, cut(height)} : Size{cut(width), plan.size};
  }
  double new_width = double(width) * scale;
  double new_height = double(height) * scale;
  // ResizeShortestEdge multiplies only the long side.
  if (by_short && plan.rounding == SideRounding::kHalfUp) {
    (height < width ? new_height : new_width) = plan.size;
  }
  const double longest = std::max(new_width, new_height);
  if (by_short && plan.max_size > 0 && longest > plan.max_size) {
    const double bound = double(plan.max_size) / longest;
    new_width *= bound;
    new_height *= bound;
  }
  if (plan.rounding == SideRounding::kHalfEven) {
    const auto least = long(std::max(1, plan.min_side));
    return {std::max(least, std::lrint(new_width)), std::max(least, std::lrint(new_height))};
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

// Idefics 3's: the ratio is divided by, and the side that follows is made even.
Size LongEdgeEven(const ResizePlan& plan, int64_t width, int64_t height) {
  double ratio = double(width) / double(height);
  const auto follow = [&](int64_t longest) {
    const bool lies = width >= height;
    const auto other = int64_t(lies ? double(longest) / ratio : double(longest) * ratio);
    return lies ? Size{longest, other} : Size{other, longest};
  };
  Size size = follow(plan.size);
  int64_t& other = width >= height ? size.height : size.width;
  other = std::max<int64_t>(other + other % 2, 1);
  if (plan.max_size == 0 || std::max(size.width, size.height) <= plan.max_size) return size;
  width = size.width;
  height = size.height;
  ratio = double(width) / double(height);
  size = follow(plan.max_size);
  return {std::max<int64_t>(size.width, 1), std::max<int64_t>(size.height, 1)};
}

Size Thumbnail(const ResizePlan& plan, int64_t width, int64_t height) {
  Size size = {std::min<int64_t>(width, plan.width), std::min<int64_t>(height, plan.height)};
  if (size == Size{width, height}) return size;
  if (height > width) {
    size.width = ScaleDown(width, size.height, height);
  } else if (width > height) {
    size.height = ScaleDown(height, size.width, width);
  }
  return size;
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

// Idefics 2's: the ratio is divided by or multiplied with.
Size BothEdges(const ResizePlan& plan, int64_t width, int64_t height) {
  const double ratio = double(width) / double(height);
  if (width >= height && width > plan.max_size) {
    width = plan.max_size;
    height = int64_t(double(width) / ratio);
  } else if (height > width && height > plan.max_size) {
    height = plan.max_size;
    width = int64_t(double(height) * ratio);
  }
  return {std::max<int64_t>(width, plan.size), std::max<int64_t>(height, plan.size)};
}

// Pixtral's: sides are divided, not multiplied, and never enlarged.
Size ShrinkInside(const ResizePlan& plan, int64_t width, int64_t height) {
  const double ratio =
      std::max(double(height) / double(plan.height), double(width) / double(plan.width));
  if (ratio <= 1.0) return {width, height};
  return {int64_t(double(width) / ratio), int64_t(double(height) / ratio)};
}

int64_t NearestMultiple(double side, int multiple) {
  return std::llrint(side / double(multiple)) * multiple;
}

// DPT's get_resize_output_image_size.
Size NearestScale(const ResizePlan& plan, int64_t width, int64_t height) {
  const double across = double(plan.width) / double(width);
  const double down = double(plan.height) / double(height);
  const double scale = std::abs(1.0 - across) < std::abs(1.0 - down) ? across : down;
  if (plan.rounding == SideRounding::kTo32nds) {
    const auto cut = [&](int64_t side) {
      return int64_t(std::nearbyint(scale * double(side) * 32.0) / 32.0);
    };
    return {cut(width), cut(height)};
  }
  return {NearestMultiple(scale * double(width), plan.multiple),
          NearestMultiple(scale * double(height), plan.multiple)};
}

Size KeptSize(const ResizePlan& plan, int64_t width, int64_t height) {
  switch (plan.kind) {
    case ResizeKind::kNone:
    case ResizeKind::kOwnSize:
    case ResizeKind::kSmart:
      return {width, height};
    case ResizeKind::kExact:
      return {plan.width, plan.height};
    case ResizeKind::kTileGrid:
      return FittedSize(plan, FindTileGrid(plan, width, height), width, height);
    case ResizeKind::kLongEdgeEven:
      return LongEdgeEven(plan, width, height);
    case ResizeKind::kThumbnail:
      return Thumbnail(plan, width, height);
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
    case ResizeKind::kBothEdges:
      return BothEdges(plan, width, height);
    case ResizeKind::kShrinkInside:
      return ShrinkInside(plan, width, height);
    case ResizeKind::kNearestScale:
      return NearestScale(plan, width, height);
    case ResizeKind::kLetterbox: {
      const double ratio =
          std::min(double(plan.width) / double(width), double(plan.height) / double(height));
      return {std::llrint(double(width) * ratio), std::llrint(double(height) * ratio)};
    }
  }
  return {width, height};
}

int64_t ToMultiple(int64_t side, const ResizePlan& plan) {
  switch (plan.multiple_rounding) {
    case MultipleRounding::kFloor:
      return side / plan.multiple * plan.multiple;
    case MultipleRounding::kCeil:
      return (side + plan.multiple - 1) / plan.multiple * plan.multiple;
    case MultipleRounding::kNearest:
      break;
  }
  return NearestMultiple(double(side), plan.multiple);
}

}  // namespace

Result<Size> ResizedSize(const ResizePlan& plan, int64_t width, int64_t height) {
  if (plan.kind == ResizeKind::kSmart) return SmartSize(plan, width, height);
  const Size size = KeptSize(plan, width, height);
  const bool by_fewest = plan.kind == ResizeKind::kTileGrid && plan.tiles == TileRule::kFewest;
  if (by_fewest && std::min(size.width, size.height) < kLeastOfFewest) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{}x{} would become {}x{} in its tiles, and no side may be below {}",
                            width, height, size.width, size.height, kLeastOfFewest));
  }
  if (plan.multiple == 1) return size;
  return Size{ToMultiple(size.width, plan), ToMultiple(size.height, plan)};
}

}  // namespace imnorm
