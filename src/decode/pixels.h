// From the kinds of pixels that codecs produce to the kinds that imnorm delivers, row by row.
#pragma once

#include <cstdint>

#include "imnorm/decode.h"

namespace imnorm {

enum class PixelKind {
  kGray,
  kGrayAlpha,
  kRgb,
  kRgba,
  kInvertedCmyk,  // as JPEG stores it: 255 is no ink
  kBands,         // anything else: delivered as it is, or refused
};

// What becomes of a row's pixels.
struct PixelTarget {
  int colors = 3;  // 1 or 3
  AlphaPolicy alpha = AlphaPolicy::kDrop;
  uint8_t background[3] = {255, 255, 255};
};

// Samples a pixel; kBands has no fixed number.
int ChannelsOf(PixelKind kind);
bool HasAlpha(PixelKind kind);

// Converts one row.
//
// Shapes:   in [pixels][ChannelsOf(kind)], out [pixels][target.colors (+ 1 for a kept alpha)];
//           they must not overlap
// Numbers:  grey of RGB is (19595 R + 38470 G + 7471 B + 32768) >> 16; CMYK, Adobe's inversion
//           undone, is R = mul(255 - C, 255 - K), rounded division by 255; compositing is
//           (s a + b (255 - a)) / 255 rounded, which Pillow's alpha_composite over an opaque
//           picture and its paste with a mask both give. 16-bit samples: the same with 65535, the
//           background times 257.
// Source:   Pillow's Convert.c (rgb2l, cmyk2rgb), AlphaComposite.c, Paste.c
void ConvertRow(PixelKind kind, const PixelTarget& target, const uint8_t* in, int pixels,
                uint8_t* out);
void ConvertRow(PixelKind kind, const PixelTarget& target, const uint16_t* in, int pixels,
                uint16_t* out);

// Keeps the high byte of each sample.
void NarrowRow(const uint16_t* in, size_t samples, uint8_t* out);

}  // namespace imnorm
