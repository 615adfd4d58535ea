// What a picture's size becomes by a resize.
#pragma once

#include <cstdint>

#include "imnorm/geometry.h"

namespace imnorm {

struct Size {
  int64_t width = 0;
  int64_t height = 0;
  bool operator==(const Size&) const = default;
};

// Rules:    see Place; sides may come out as 0, or too large
// Errors:   those of SmartSize
Result<Size> ResizedSize(const ResizePlan& plan, int64_t width, int64_t height);

}  // namespace imnorm
