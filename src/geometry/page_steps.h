// What document readers do to a scanned page before they resize it.
#pragma once

#include "imnorm/image.h"

namespace imnorm {

// Cuts off what is not darker than a page's text, as Nougat does.
//
// Rules:    bytes of three channels; grey is 0.2989 r, then 0.587 g and 0.114 b added to it, each
//           sum rounded once to float32, cut off; with lo and hi its least and greatest a pixel is
//           dark where (grey - lo) / (hi - lo) * 255 < 200 in float32. The box around the dark
//           pixels is kept, everything where lo is hi. By Pillow grey is its mode L, and the
//           quotient is of doubles
// Source:   measured on transformers 5.24, torch 2.15 with AVX2 and AVX512, Pillow 13
void CutMargin(Image& picture, bool by_pillow);

// Turns a picture clockwise by a quarter.
void TurnQuarter(Image& picture);

}  // namespace imnorm
