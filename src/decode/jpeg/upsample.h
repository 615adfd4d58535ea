// Chroma at half resolution -> full resolution, as libjpeg-turbo's fancy (triangular) upsampling.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::jpeg {

// The kernels below read this much on either side of their input and write this much behind
// their output.
inline constexpr int kUpsampleSlack = 64;

// Doubles a row's width.
//
// Shapes:   in u8 [count] with in[-1] and in[count] set (at a picture's edge: repeated);
//           out u8 [2 * count]
// Numbers:  out[2i] = (3 in[i] + in[i-1] + 1) >> 2, out[2i+1] = (3 in[i] + in[i+1] + 2) >> 2
void UpsampleRow(const uint8_t* in, int count, uint8_t* out);

// Blends the row on a luma row's own side with the next one: doubles the height.
//
// Numbers:  out[i] = (3 near[i] + far[i] + bias) >> 2; bias is 1 for the upper luma row of a
//           chroma row, 2 for the lower one
void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out);

// Both at once, with s[i] = 3 near[i] + far[i].
//
// Shapes:   as UpsampleRow's, near and far alike
// Numbers:  out[2i] = (3 s[i] + s[i-1] + 8) >> 4, out[2i+1] = (3 s[i] + s[i+1] + 7) >> 4
void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out);

namespace reference {
void UpsampleRow(const uint8_t* in, int count, uint8_t* out);
void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out);
void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out);
}  // namespace reference

}  // namespace imnorm::jpeg
