// Room that text takes, and text that is made to fit.
#include "json/text_width.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

TEST_CASE("text takes a column a character, two for wide ones, none for combining marks",
          "[json]") {
  CHECK(TextWidth("") == 0);
  CHECK(TextWidth("abc") == 3);
  CHECK(TextWidth("Größe") == 5);
  CHECK(TextWidth("e\u0301") == 1);
  CHECK(TextWidth("日本語") == 6);
  CHECK(TextWidth("한글 x") == 6);
  CHECK(TextWidth("😀") == 2);
}

TEST_CASE("text is cut between characters, and says that it is", "[json]") {
  CHECK(CutToWidth("abcdef", 6) == "abcdef");
  CHECK(CutToWidth("abcdef", 5) == "ab...");
  CHECK(CutToWidth("日本語日本語", 8) == "日本...");
  CHECK(CutToWidth("日本語", 3) == "日");
  CHECK(CutToWidth("abc", 0).empty());
  for (size_t width = 0; width < 20; ++width) {
    CHECK(TextWidth(CutToWidth("aé日😀e\u0301bc日本語日", width)) <= width);
  }
}

TEST_CASE("lines break at spaces and keep every word", "[json]") {
  CHECK(WrapText("a bc def", 80) == "a bc def");
  CHECK(WrapText("a bc def", 8) == "a bc def");
  CHECK(WrapText("a bc def", 7) == "a bc\n  def");
  CHECK(WrapText("a bc def", 4) == "a bc\n  def");
  CHECK(WrapText("longer than that", 5) == "longer\n  than\n  that");
  CHECK(WrapText("", 5).empty());
}

}  // namespace
}  // namespace imnorm
