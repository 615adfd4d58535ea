// Widths by ranges of code points: the C library's wcwidth() wants a locale, and its tables differ.
#include "json/text_width.h"

#include <algorithm>
#include <array>
#include <utility>

#include "json/utf8.h"

namespace imnorm {
namespace {

using Ranges = std::pair<uint32_t, uint32_t>;

constexpr std::array<Ranges, 5> kNoWidth = {
    {{0x300, 0x36f}, {0x200b, 0x200d}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};

constexpr std::array<Ranges, 9> kWide = {{{0x1100, 0x115f},
                                          {0x2e80, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0xffe0, 0xffe6},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

template <size_t N>
bool IsIn(uint32_t code_point, const std::array<Ranges, N>& ranges) {
  return std::any_of(ranges.begin(), ranges.end(), [&](const Ranges& range) {
    return range.first <= code_point && code_point <= range.second;
  });
}

size_t WidthOf(uint32_t code_point) {
  return IsIn(code_point, kNoWidth) ? 0 : IsIn(code_point, kWide) ? 2 : 1;
}

// Bytes of the characters that fit `width` columns.
size_t BytesWithin(std::string_view text, size_t width) {
  size_t bytes = 0;
  while (bytes < text.size()) {
    const Utf8Character next = FirstCharacter(text.substr(bytes));
    const size_t columns = next.length == 0 ? 1 : WidthOf(next.code_point);
    if (columns > width) break;
    width -= columns;
    bytes += std::max<size_t>(next.length, 1);
  }
  return bytes;
}

}  // namespace

size_t TextWidth(std::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Utf8Character next = FirstCharacter(text);
    width += next.length == 0 ? 1 : WidthOf(next.code_point);
    text.remove_prefix(std::max<size_t>(next.length, 1));
  }
  return width;
}

std::string CutToWidth(std::string_view text, size_t width) {
  constexpr std::string_view kCut = "...";
  if (TextWidth(text) <= width) return std::string(text);
  if (width <= kCut.size()) return std::string(text.substr(0, BytesWithin(text, width)));
  return std::string(text.substr(0, BytesWithin(text, width - kCut.size()))) + std::string(kCut);
}

std::string WrapText(std::string_view text, size_t width) {
  std::string out;
  size_t column = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const size_t columns = TextWidth(word);
    if (column > 0 && column + 1 + columns > width) {
      out += "\n  ";
      column = 2;
    } else if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += columns;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace imnorm
