// Dequantisation and inverse DCT, bit-equal to libjpeg-turbo's accurate integer one (JDCT_ISLOW).
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::jpeg {

// A quantisation table, natural order, 1..32767.
struct Dequantizer {
  int16_t factor[64];
  int16_t limit[64];  // largest coefficient magnitude whose product stays within kMaxProduct
};

// libjpeg-turbo computes products and some sums in 16 bits, and its variants for different CPUs
// wrap at different places. Within these bounds no variant wraps, and all are exact: the sum of
// two products fits 16 bits, and so does the sum of two results of the first pass. Sound
// pictures stay far below (the first pass of one reaches 4 * 2.83 * 1024, plus its rounding).
inline constexpr int kMaxProduct = 16383;
inline constexpr int kMaxFirstPass = 16383;

Dequantizer MakeDequantizer(const uint16_t* quant);

// Transforms four blocks to 32 x 8 samples, side by side.
//
// Shapes:   blocks[i] points at 64 coefficients within -32767 .. 32767, the k-th of the zigzag at
//           CoefficientPlaces()[k]; out u8 [8][32], rows stride_bytes apart
// Errors:   false: beyond the bounds above; out is then unspecified
bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes);

// Where the active target wants the coefficients, in zigzag order: [64].
const uint8_t* CoefficientPlaces();

// The same with coefficients in natural order.
namespace reference {
bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes);
}  // namespace reference

}  // namespace imnorm::jpeg
