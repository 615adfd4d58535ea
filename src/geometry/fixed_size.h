// The size that a geometry gives every picture.
#pragma once

#include <optional>
#include <utility>

#include "imnorm/geometry.h"

namespace imnorm {

// Height and width of every output, if the plan fixes them whatever the picture.
std::optional<std::pair<int, int>> FixedSize(const GeometryPlan& geometry);

}  // namespace imnorm
