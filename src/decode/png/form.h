// In which form a PNG's pixels are delivered: the same from libspng and from our own decoder.
#pragma once

#include "decode/pixels.h"
#include "decode/png/header.h"
#include "imnorm/decode.h"

namespace imnorm::png {

struct Form {
  PixelKind kind = PixelKind::kRgb;
  ElementType type = ElementType::kU8;
  bool indices = false;  // of a palette, not its colours
};

// What options ask of pixels of a kind.
Form ChooseForm(ColorType color, int depth, bool transparent, const DecodeOptions& options);

// What was left out or reduced, once a picture is decoded.
void Say(const DecodeOptions& options, int depth, bool has_alpha, bool animated,
         DecodeReport& report);

}  // namespace imnorm::png
