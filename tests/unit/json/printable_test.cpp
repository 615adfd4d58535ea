// What foreign text may show on a terminal, and what counts as UTF-8.
#include "json/printable.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "json/utf8.h"

namespace imnorm {
namespace {

TEST_CASE("text that people write reaches the terminal as it is", "[json]") {
  for (const char* text : {"", "a/b.png", "Größe.jpg", "日本語.png", "😀", "‘quoted’", "\u00a0"}) {
    CHECK(Printable(text) == text);
  }
}

TEST_CASE("nothing that steers a terminal or turns its text around reaches it", "[json]") {
  CHECK(Printable("a\x1b[31m\x7f\n") == "a\\x1b[31m\\x7f\\x0a");
  CHECK(Printable("\u0080\u009b2J\u009f") == "\\u0080\\u009b2J\\u009f");
  CHECK(Printable("\u202egnp.exe\u202a") == "\\u202egnp.exe\\u202a");
  CHECK(Printable("\ufeffa.png") == "\\ufeffa.png");
  CHECK(Printable("\u2066\u2069\u200e\u200f\u2028\u2029\u061c") ==
        "\\u2066\\u2069\\u200e\\u200f\\u2028\\u2029\\u061c");
  CHECK(Printable("\u200d\u2010\u2027\u202f\u2065\u206a") ==
        "\u200d\u2010\u2027\u202f\u2065\u206a");
}

TEST_CASE("bytes of no UTF-8 character are shown as numbers", "[json]") {
  CHECK(Printable("\x9b"
                  "31m") == "\\x9b31m");
  CHECK(Printable("a\xff\xfe") == "a\\xff\\xfe");
  CHECK(Printable("caf\xe9.png") == "caf\\xe9.png");
  CHECK(Printable("\xc0\x9b") == "\\xc0\\x9b");
  CHECK(Printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");
  CHECK(Printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
  CHECK(Printable("\xe2\x82") == "\\xe2\\x82");
}

TEST_CASE("JSON made fit for a terminal is the same JSON", "[json]") {
  const nlohmann::json json = {{"a\u009b\u202e\x7f", "\x1b[31m\n\t\u2028 \u00e9\U0001f600"}};
  const std::string text = json.dump(2);
  const std::string shown = PrintableLines(text);
  CHECK(shown != text);
  CHECK(nlohmann::json::parse(shown) == json);
  for (const char* raw : {"\u009b", "\u202e", "\x7f", "\x1b", "\u2028"}) {
    CHECK(shown.find(raw) == std::string::npos);
  }
  CHECK(PrintableLines("a\tb\n\x1b\xff") == "a\tb\n\\u001b\\xff");
}

TEST_CASE("UTF-8 is what the JSON library takes for it", "[json]") {
  const auto library_takes = [](const std::string& text) {
    try {
      (void)nlohmann::json(text).dump();
      return true;
    } catch (const nlohmann::json::type_error&) {
      return false;
    }
  };
  static constexpr uint8_t kEdges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf,
                                       0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xec, 0xed, 0xef,
                                       0xf0, 0xf1, 0xf4, 0xf5, 0xf7, 0xf8, 0xff};
  for (const uint8_t a : kEdges) {
    for (const uint8_t b : kEdges) {
      for (const uint8_t c : kEdges) {
        const std::string text = {char(a), char(b), char(c), char(0x80)};
        for (size_t size = 1; size <= 4; ++size) {
          if (IsUtf8(text.substr(0, size)) != library_takes(text.substr(0, size))) {
            FAIL_CHECK(int(a) << " " << int(b) << " " << int(c) << ", " << size << " bytes");
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace imnorm
