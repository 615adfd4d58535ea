// UTF-8, read one character at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace imnorm {

struct Utf8Character {
  uint32_t code_point = 0;
  size_t length = 0;  // bytes; 0: none begins here
};

// The well-formed character that `text` begins with.
//
// Rules:  no overlong form, no surrogate, nothing past U+10FFFF (Unicode, table 3-7)
Utf8Character FirstCharacter(std::string_view text);

// True where `text` is well-formed UTF-8.
bool IsUtf8(std::string_view text);

}  // namespace imnorm
