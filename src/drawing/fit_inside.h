// Pictures at the size that they are looked at.
#pragma once

#include "imnorm/image.h"

namespace imnorm {

// A picture as large as fits into side x side: one that is larger is scaled down, one that is less
// than half as large enlarged by a whole factor, so that its pixels are seen.
Image FitInside(const Image& picture, int side);

}  // namespace imnorm
