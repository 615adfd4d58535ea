// One character at a time of text that may be anything.
#include "json/utf8.h"

#include <catch2/catch.hpp>
#include <string>

namespace imnorm {

TEST_CASE("a character begins a text with its number and length", "[json]") {
  const auto first = [](std::string_view text) {
    const Utf8Character got = FirstCharacter(text);
    return std::pair(got.code_point, got.length);
  };
  using Pair = std::pair<uint32_t, size_t>;
  CHECK(first("az") == Pair(0x61, 1));
  CHECK(first(std::string_view("\0z", 2)) == Pair(0, 1));
  CHECK(first("\xc2\x80z") == Pair(0x80, 2));
  CHECK(first("\xe0\xa0\x80z") == Pair(0x800, 3));
  CHECK(first("\xf0\x90\x80\x80z") == Pair(0x10000, 4));
  CHECK(first("\xf4\x8f\xbf\xbf") == Pair(0x10ffff, 4));
  CHECK(first("").second == 0);
}

TEST_CASE("overlong forms, surrogates and numbers past the last are no characters", "[json]") {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80", "\xff", "\xc3", "\xe2\x82",
        "\xf0\x90\x80", "\xc3z"}) {
    CHECK(FirstCharacter(text).length == 0);
    CHECK_FALSE(IsUtf8(text));
    CHECK_FALSE(IsUtf8("a" + std::string(text)));
  }
  CHECK(IsUtf8(""));
  CHECK(IsUtf8("\xed\x9f\xbf\xee\x80\x80"));
}

}  // namespace imnorm
