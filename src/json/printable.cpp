// Foreign text fit for terminals: one table of what may not reach them.
#include "json/printable.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <utility>

#include "json/utf8.h"

namespace imnorm {
namespace {

// First and last code points that a terminal obeys instead of showing.
constexpr std::array<std::pair<uint32_t, uint32_t>, 7> kUnprintable = {{
    {0x80, 0x9f},      // C1: U+009B is CSI, the beginning of an escape sequence
    {0x61c, 0x61c},    // Arabic letter mark
    {0x200e, 0x200f},  // left-to-right and right-to-left marks
    {0x2028, 0x2029},  // line and paragraph separators
    {0x202a, 0x202e},  // embeddings and overrides
    {0x2066, 0x2069},  // isolates
    {0xfeff, 0xfeff},  // byte order mark: it shows nothing, so two names would look alike
}};

bool IsPrintable(uint32_t code_point) {
  for (const auto& [first, last] : kUnprintable) {
    if (code_point >= first && code_point <= last) return false;
  }
  return true;
}

std::string Shown(std::string_view text, bool lines) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character first = FirstCharacter(text);
    const size_t length = first.length == 0 ? 1 : first.length;
    const bool control = first.code_point < 0x20 || first.code_point == 0x7f;
    if (first.length == 0 || (control && !lines)) {
      out += fmt::format("\\x{:02x}", uint8_t(text[0]));
    } else if (control ? text[0] != '\n' && text[0] != '\t' : !IsPrintable(first.code_point)) {
      out += fmt::format("\\u{:04x}", first.code_point);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace

std::string Printable(std::string_view text) { return Shown(text, false); }

std::string PrintableLines(std::string_view text) { return Shown(text, true); }

}  // namespace imnorm
