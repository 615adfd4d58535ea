// Decides the form of a PNG's pixels.
#include "decode/png/form.h"

namespace imnorm::png {

Form ChooseForm(ColorType color, int depth, bool transparent, const DecodeOptions& options) {
  const ElementType type = depth == 16 ? ElementType::kU16 : ElementType::kU8;
  if (options.palette_indices && color == ColorType::kPalette) {
    return {PixelKind::kGray, type, true};
  }
  if (transparent && options.alpha != AlphaPolicy::kDrop) return {PixelKind::kRgba, type};
  switch (color) {
    case ColorType::kGray:
      return {PixelKind::kGray, type};
    case ColorType::kGrayAlpha:
      return {PixelKind::kGrayAlpha, type};
    case ColorType::kRgba:
      return {PixelKind::kRgba, type};
    case ColorType::kRgb:
    case ColorType::kPalette:
      break;
  }
  return {PixelKind::kRgb, type};
}

void Say(const DecodeOptions& options, int depth, bool has_alpha, bool animated,
         DecodeReport& report) {
  if (animated) report.Say(NoteKind::kFurtherFrames, "an animated PNG: its default image is read");
  if (depth == 16 && options.depth == 8) report.Say(NoteKind::kBitsReduced);
  if (has_alpha && options.alpha == AlphaPolicy::kDrop) report.Say(NoteKind::kAlphaDropped);
}

}  // namespace imnorm::png
