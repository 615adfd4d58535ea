// UTF-8, read one character at a time, without exceptions: paths of any bytes are asked about.
#include "json/utf8.h"

namespace imnorm {

Utf8Character FirstCharacter(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = uint8_t(text[0]);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  // 0x80..0xBF go on with a character that did not begin, 0xF8..0xFF belong to none.
  if (lead < 0xc0 || lead >= 0xf8 || text.size() < length) return {};
  uint32_t code_point = lead & (0x7fu >> length);
  for (size_t i = 1; i < length; ++i) {
    const auto next = uint8_t(text[i]);
    if ((next & 0xc0) != 0x80) return {};
    code_point = code_point << 6 | (next & 0x3fu);
  }
  static constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
  if (code_point < kLeast[length] || code_point > 0x10ffff || surrogate) return {};
  return {code_point, length};
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = FirstCharacter(text).length;
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace imnorm
