// Computes from a picture's size which window of the resized picture is the row, and where it lies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geometry/resized_size.h"
#include "imnorm/geometry.h"

namespace imnorm {
namespace {

constexpr int64_t kMaxSide = 1 << 24;

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
  const Result<Size> size = ResizedSize(plan.resize, width, height);
  if (!size) return Failed(size);
  const Size& resized = *size;
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
