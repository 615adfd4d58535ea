// The sizes of models that take pictures of any ratio, cut into patches.
#pragma once

#include <cstdint>

#include "geometry/resized_size.h"

namespace imnorm {

// What smart_resize makes of a size, by plan.smart.
//
// Rules:    in double, each operation as Python does it. kGlmImage, with lo and hi the rounded
// square
//           roots of min_pixels and max_pixels: k = 1, or lo / short where the short side is below
//           lo; where the long side times k is above hi, k = hi / long. Sides become
//           round(side / 2 * k / f) * f, the half cut off, at least f; where one is above hi both
//           are divided by longer / hi and cut off to multiples
// Errors:   kBadArgument: a ratio above 200, for kGlmImage above 4, or a side below f there
// Source:   measured on transformers 5.24: equal in every picture tried
Result<Size> SmartSize(const ResizePlan& plan, int64_t width, int64_t height);

}  // namespace imnorm
