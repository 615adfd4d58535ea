// Writes captions letter by letter.
#include <algorithm>
#include <string>

#include "drawing/canvas.h"
#include "drawing/caption_glyphs.h"

namespace imnorm {
namespace {

// The code points of UTF-8; a byte that begins none is U+FFFD.
std::u32string Letters(std::string_view text) {
  std::u32string letters;
  for (size_t i = 0; i < text.size();) {
    const auto first = uint8_t(text[i]);
    const size_t more = first < 0x80   ? 0
                        : first < 0xC0 ? 9
                        : first < 0xE0 ? 1
                        : first < 0xF0 ? 2
                                       : 3;
    if (more == 9 || i + more >= text.size()) {
      letters += U'\uFFFD';
      ++i;
      continue;
    }
    char32_t letter = more == 0 ? first : first & (0x3F >> more);
    for (size_t k = 1; k <= more; ++k) letter = letter << 6 | (uint8_t(text[i + k]) & 0x3F);
    letters += letter;
    i += more + 1;
  }
  return letters;
}

// None where the font has no such letter.
const char* GlyphOf(char32_t letter) {
  if (letter >= 0x20 && letter <= 0x7E) return kCaptionGlyphs[letter - 0x20];
  if (letter >= 0xA1 && letter <= 0xFF) return kCaptionGlyphs[0x5F + letter - 0xA1];
  return nullptr;
}

int LevelOf(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

}  // namespace

void Canvas::Letter(char32_t letter, int left, int top, Colour colour) {
  const char* glyph = GlyphOf(letter);
  for (int y = 0; y < kGlyphHeight; ++y) {
    for (int x = 0; x < kGlyphWidth; ++x) {
      const bool box = y >= 2 && y <= 10 && x >= 1 && x <= 5 && (y % 8 == 2 || x % 4 == 1);
      const int level = glyph ? LevelOf(glyph[y * kGlyphWidth + x]) : box ? 9 : 0;
      const int at_x = left + x;
      const int at_y = top + y;
      if (level == 0 || at_x < 0 || at_y < 0 || at_x >= image_.width || at_y >= image_.height) {
        continue;
      }
      uint8_t* pixel = image_.row(at_y) + 3 * at_x;
      for (size_t c = 0; c < 3; ++c) {
        pixel[c] = uint8_t((pixel[c] * (15 - level) + colour[c] * level + 7) / 15);
      }
    }
  }
}

void Canvas::Caption(std::string_view text, int left, int top, int width, Colour colour) {
  std::u32string letters = Letters(text);
  const size_t room = size_t(std::max(0, width / kGlyphWidth));
  if (letters.size() > room) {
    if (room < 3) return;
    // The end of a name tells more than its beginning.
    const size_t tail = (room - 2) * 2 / 3;
    letters = letters.substr(0, room - 2 - tail) + U".." + letters.substr(letters.size() - tail);
  }
  for (const char32_t letter : letters) {
    Letter(letter, left, top, colour);
    left += kGlyphWidth;
  }
}

}  // namespace imnorm
