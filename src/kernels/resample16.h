// 16-bit resampling in double: plain code, since 16-bit pictures are rare.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/geometry.h"

namespace imnorm::kernels {

// One row of Pillow's horizontal pass on 16-bit samples.
//
// Shapes:   in  u16 [>= in_end - in_begin][channels], at any alignment, in points at column
// in_begin
//           out u16 [weights.first.size()][channels]
// Numbers:  sums in double, in the order of the taps; rounded half away from zero, clipped to
//           0..65535
// Source:   Pillow 10.3 Resample.c, ImagingResampleHorizontal_16bpc
void ResampleRow16(const AxisWeightsF64& weights, int in_begin, const uint8_t* in, int channels,
                   uint8_t* out);

// The vertical pass: n samples of each of `taps` rows.
void BlendRows16(const uint8_t* const* rows, const double* weights, int taps, size_t n,
                 uint8_t* out);

}  // namespace imnorm::kernels
