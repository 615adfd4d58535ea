// Computes from a picture's size which window of the resized picture is the row, and where it lies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geometry/border.h"
#include "geometry/resized_size.h"
#include "geometry/tile_grid.h"
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
  if (rounding == CropRounding::kCorner) return {0, std::min(size, crop), 0};
  if (size < crop) {
    return {0, size, (crop - size + (rounding == CropRounding::kFloor ? 1 : 0)) / 2};
  }
  const int room = size - crop + (rounding == CropRounding::kCeil ? 1 : 0);
  const int begin = half_even ? int(std::nearbyint((size - crop) / 2.0)) : room / 2;
  return {begin, crop, 0};
}

// The size that the plan's last resize has to do with.
Result<Size> SizeBefore(const GeometryPlan& plan, int width, int height) {
  Size size = {width, height};
  if (TurnsToFit(plan, width, height)) std::swap(size.width, size.height);
  if (plan.border.kind != BorderKind::kNone) {
    const auto bordered = BorderedSize(plan.border, IsPillows(plan), size);
    if (!bordered) return bordered;
    size = *bordered;
  }
  if (plan.first.kind == ResizeKind::kNone) return size;
  return ResizedSize(plan.first, size.width, size.height);
}

// A picture lies in its grid as TileFit says.
void PlaceInGrid(const ResizePlan& plan, const Size& before, Placement& place) {
  const TileGrid grid = FindTileGrid(plan, before.width, before.height);
  place.out_width = grid.columns * plan.width;
  place.out_height = grid.rows * plan.height;
  if (plan.fit != TileFit::kMiddle) return;
  place.pad_left = (place.out_width - place.resized_width) / 2;
  place.pad_top = (place.out_height - place.resized_height) / 2;
}

// Zeros at the right and bottom.
Result<Placement> Padded(const PadPlan& pad, Placement place) {
  if (pad.width == 0) return place;
  if (place.out_width > pad.width || place.out_height > pad.height) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("{}x{} would be resized to {}x{}, more than the {}x{} that it is to be "
                            "padded to",
                            place.in_width, place.in_height, place.out_width, place.out_height,
                            pad.width, pad.height));
  }
  place.out_width = pad.width;
  place.out_height = pad.height;
  return place;
}

}  // namespace

bool TurnsToFit(const GeometryPlan& plan, int width, int height) {
  if (!plan.turn_to_fit) return false;
  const CropPlan& crop = plan.crop;
  return (crop.width < crop.height && width > height) ||
         (crop.width > crop.height && width < height);
}

Result<Placement> Place(const GeometryPlan& plan, int width, int height) {
  const Result<Size> before = SizeBefore(plan, width, height);
  if (!before) return Failed(before);
  const Result<Size> size = before->width < 1 || before->height < 1
                                ? before
                                : ResizedSize(plan.resize, before->width, before->height);
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
  if (plan.resize.kind == ResizeKind::kTileGrid && plan.crop.width == 0) {
    PlaceInGrid(plan.resize, *before, place);
  }
  if (const int multiple = plan.resize.padded_multiple; multiple > 1 && plan.crop.width == 0) {
    place.out_width = (place.out_width + multiple - 1) / multiple * multiple;
    place.out_height = (place.out_height + multiple - 1) / multiple * multiple;
  }
  return Padded(plan.pad, place);
}

}  // namespace imnorm
