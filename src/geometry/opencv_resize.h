// cv::resize through the OpenCV module, for `--like opencv`.
#pragma once

#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/image.h"

namespace imnorm {

// Resizes a whole picture with OpenCV's own arithmetic.
//
// Shapes:   in and out must be different pictures; out is reshaped to width x height
// Numbers:  cv::resize's bytes: nearest, bilinear (INTER_LINEAR, no antialias), bicubic, area and
//           lanczos (INTER_LANCZOS4), for 8-bit, 16-bit and float samples
// Errors:   kBadArgument: box or hamming, which OpenCV lacks; kInstallation: the module is missing
// Threads:  safe on different outputs
Result<void> OpencvResize(const Image& in, int width, int height, Filter filter, Image& out);

}  // namespace imnorm
