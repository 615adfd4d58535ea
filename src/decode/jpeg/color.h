// Planes of samples -> interleaved RGB or grey rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::jpeg {

// The kernels below read this many bytes behind their input and write this many behind their
// output.
inline constexpr int kColorSlack = 192;

// One row of each plane: Y, Cb, Cr or R, G, B.
struct PlaneRow {
  const uint8_t* plane[3];
};

// A row of planes to a row of pixels.
//
// Shapes:   in.plane[c] u8 [pixels]; out u8 [pixels][3] or [pixels]
// Numbers:  YCC as libjpeg-turbo: R = Y + ((91881 (Cr-128) + 32768) >> 16), ... clamped;
//           grey as Pillow's convert("L"): (19595 R + 38470 G + 7471 B + 32768) >> 16
using ColorKernel = void (*)(const PlaneRow& in, int pixels, uint8_t* out);
void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out);
void YccToGray(const PlaneRow& in, int pixels, uint8_t* out);
void Interleave(const PlaneRow& in, int pixels, uint8_t* out);
void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out);

namespace reference {
void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out);
void YccToGray(const PlaneRow& in, int pixels, uint8_t* out);
void Interleave(const PlaneRow& in, int pixels, uint8_t* out);
void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out);
}  // namespace reference

}  // namespace imnorm::jpeg
