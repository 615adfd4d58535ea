// Weighted sums of float rows, and their return to bytes: both passes of torch's float32 resize.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::kernels {

// The weighted sum of rows.
//
// Shapes:   rows [taps] of f32 [n] each, weights [taps], out f32 [n], which must not overlap a row;
//           taps >= 1
// Numbers:  the first product, then of the taps - 1 others the first 4 * ((taps - 1) / 4) as
//           rounded products that are added, the 0 to 3 left by fused multiply-add; on every CPU
// Errors:   none; never allocates
// Threads:  safe on different outputs
// Source:   measured on torch 2.15.0, AVX2 and AVX512: how its wheel's compiler arranged the sum
void BlendFloats(const float* const* rows, const float* weights, int taps, size_t n, float* out);

// Clamps to 0..255 and rounds half to even.
//
// Shapes:   in f32 [n], finite; out u8 [n]
void RoundToBytes(const float* in, size_t n, uint8_t* out);

namespace reference {
void BlendFloats(const float* const* rows, const float* weights, int taps, size_t n, float* out);
}  // namespace reference

}  // namespace imnorm::kernels
