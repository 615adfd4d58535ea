// Resampling of 16-bit and float samples in double: plain code, since such pictures are rare.
#pragma once

#include <cstddef>
#include <cstdint>

#include "imnorm/element_type.h"
#include "imnorm/geometry.h"

namespace imnorm::kernels {

// One row of Pillow's horizontal pass on samples of type kU16 or kF32.
//
// Shapes:   in  [>= in_end - in_begin][channels], at any alignment, in points at column in_begin
//           out [weights.first.size()][channels]
// Numbers:  sums in double, in the order of the taps; 16-bit ones rounded half away from zero and
//           clipped to 0..65535, float ones rounded to float32
// Source:   Resample.c of Pillow 10.3: ImagingResampleHorizontal_16bpc (mode I;16) and _32bpc (F)
void ResampleRowWide(ElementType type, const AxisWeightsF64& weights, int in_begin,
                     const uint8_t* in, int channels, uint8_t* out);

// The vertical pass: n samples of each of `taps` rows.
void BlendRowsWide(ElementType type, const uint8_t* const* rows, const double* weights, int taps,
                   size_t n, uint8_t* out);

}  // namespace imnorm::kernels
