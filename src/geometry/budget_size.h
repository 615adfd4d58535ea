// The sizes that hold as many patches as a model has room for.
#pragma once

#include <cstdint>

#include "geometry/resized_size.h"

namespace imnorm {

// kBudget: the largest scale, found by halving 1e-6..100 down to 1e-5, at which sides raised to
// multiples have at most max_pixels.
Size BudgetSize(const ResizePlan& plan, int64_t width, int64_t height);

// kPooled: sides times sqrt(max_pixels / pixels), cut off to multiples. Where one comes out as 0 it
// becomes a multiple, the other as many of them as the ratio, cut off, at most those that
// max_pixels holds.
//
// Errors:   kBadArgument: both come out as 0
Result<Size> PooledSize(const ResizePlan& plan, int64_t width, int64_t height);

// kShrunk: sides times k = min(1, sqrt(patches / ((h / patch) (w / patch))), max_size / h, max_size
// / w) with whole patches of at least 1, cut off, from 1 to max_size.
Size ShrunkSize(const ResizePlan& plan, int64_t width, int64_t height);

}  // namespace imnorm
