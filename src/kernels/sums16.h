// Sums of 16-bit samples, and of pictures with more channels than AddSums takes: plain code.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/image.h"
#include "imnorm/statistics.h"

namespace imnorm::kernels {

// Adds a row of interleaved samples (kU8 or kU16, at any alignment) to a picture's sums, minima,
// maxima and, where they are not empty, cross products and histogram. `pixels` of the sums is not
// touched.
void AddSumsWide(const uint8_t* in, size_t pixels, int channels, ElementType type,
                 PictureSums& sums);

}  // namespace imnorm::kernels
