// Inner loops of batch, layer, instance and group normalisation, each with a plain twin.
//
// Every function gives the same bytes on every target: float64 sums have a fixed shape of
// kLayerLanes partial sums, and nothing is fused.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::kernels {

// Partial sums of a block: element i belongs to lane i % kLayerLanes.
constexpr size_t kLayerLanes = 16;

// Sums of a block's deviations from a pivot.
struct LayerSums {
  double sum = 0.0;          // of x - pivot
  double sum_squares = 0.0;  // of (x - pivot)^2
};

// y = float32((x - center) * factor + offset), each operation rounded to float64.
struct LayerLine {
  double center = 0.0;
  double factor = 1.0;
  double offset = 0.0;
};

// Adds up a block's deviations from `pivot`.
//
// Numbers:  lanes are summed in order of elements, then folded 16 -> 8 -> 4 -> 2 -> 1
LayerSums LayerBlockSums(const float* in, size_t n, double pivot);

// Exact sums of bytes: sum in out[0], sum of squares in out[1].
void LayerByteSums(const uint8_t* in, size_t n, uint64_t out[2]);

// Applies a line to n values; in and out may be the same.
void LayerApply(const float* in, size_t n, LayerLine line, float* out);

// y = float32(((x - center) * factor + offset) * gamma[i] + beta[i])
void LayerApplyElements(const float* in, size_t n, LayerLine line, const float* gamma,
                        const float* beta, float* out);

// Widens to float32, exactly.
void LayerFromU8(const uint8_t* in, size_t n, float* out);
void LayerFromF16(const uint16_t* in, size_t n, float* out);
void LayerFromBF16(const uint16_t* in, size_t n, float* out);

// Narrows as Float16Bits and BFloat16Bits do (values.h).
void LayerToF16(const float* in, size_t n, uint16_t* out);
void LayerToBF16(const float* in, size_t n, uint16_t* out);

namespace reference {
LayerSums LayerBlockSums(const float* in, size_t n, double pivot);
void LayerByteSums(const uint8_t* in, size_t n, uint64_t out[2]);
void LayerApply(const float* in, size_t n, LayerLine line, float* out);
void LayerApplyElements(const float* in, size_t n, LayerLine line, const float* gamma,
                        const float* beta, float* out);
void LayerFromU8(const uint8_t* in, size_t n, float* out);
void LayerFromF16(const uint16_t* in, size_t n, float* out);
void LayerFromBF16(const uint16_t* in, size_t n, float* out);
void LayerToF16(const float* in, size_t n, uint16_t* out);
void LayerToBF16(const float* in, size_t n, uint16_t* out);
}  // namespace reference

}  // namespace imnorm::kernels
