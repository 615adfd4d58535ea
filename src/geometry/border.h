// What is put around a picture before it is resized.
#pragma once

#include "geometry/resized_size.h"
#include "imnorm/geometry.h"
#include "imnorm/image.h"

namespace imnorm {

// The size of a picture with its border.
//
// Rules:    kMirrorBehind: (side / multiple + 1) * multiple, a whole multiple more where it is one;
//           where that is more than twice the side numpy (by_pillow) mirrors on, torch does not
// Errors:   kBadArgument: a mirror that would show more than the picture
// Source:   transformers 5.24: Swin2SRImageProcessor, ZoeDepthImageProcessor, Owlv2ImageProcessor
Result<Size> BorderedSize(const BorderPlan& border, bool by_pillow, Size size);

// Puts it there; the border of kSquare is 0.
//
// Errors:   those of BorderedSize; kTooLarge: more pixels than imnorm makes
Result<void> AddBorder(const BorderPlan& border, bool by_pillow, Image& picture);

}  // namespace imnorm
