// Reads off a geometry whether its outputs are all of one size.
#include "geometry/fixed_size.h"

namespace imnorm {

std::optional<std::pair<int, int>> FixedSize(const GeometryPlan& geometry) {
  if (geometry.pad.width > 0) return std::pair{geometry.pad.height, geometry.pad.width};
  if (geometry.crop.width > 0) return std::pair{geometry.crop.height, geometry.crop.width};
  const ResizePlan& resize = geometry.resize;
  if (resize.kind == ResizeKind::kExact ||
      (resize.kind == ResizeKind::kLetterbox && resize.stride == 0)) {
    return std::pair{resize.height, resize.width};
  }
  return std::nullopt;
}

}  // namespace imnorm
