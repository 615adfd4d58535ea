// The letters of captions.
#pragma once

namespace imnorm {

constexpr int kGlyphWidth = 7;
constexpr int kGlyphHeight = 13;

// Levels 0..15 as hexadecimal digits, row by row: U+0020 to U+007E, then U+00A1 to U+00FF.
extern const char* const kCaptionGlyphs[];

}  // namespace imnorm
