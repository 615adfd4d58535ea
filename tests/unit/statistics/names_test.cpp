// Names of any bytes as text and back.
#include "statistics/names.h"

#include <catch2/catch.hpp>
#include <set>

#include "json/utf8.h"

namespace imnorm {

TEST_CASE("names of any bytes have different texts, which stand for them", "[statistics]") {
  std::set<std::string> texts;
  size_t names = 0;
  // All names of up to 6 pieces of which escapes and bad bytes are made.
  const std::vector<std::string> pieces = {"\\", "x", "f", "5", "c", "\xff", "\xc3\xa9", "F"};
  std::vector<std::string> all = {""};
  for (size_t from = 0, length = 0; length < 6; ++length) {
    const size_t to = all.size();
    for (; from < to; ++from) {
      for (const std::string& piece : pieces) all.push_back(all[from] + piece);
    }
  }
  bool back = true, text_is_utf8 = true;
  for (const std::string& name : all) {
    const std::string text = PrintableName(name);
    back = back && NameOfPrintable(text) == name;
    text_is_utf8 = text_is_utf8 && IsUtf8(text);
    texts.insert(text);
    ++names;
  }
  CHECK(back);
  CHECK(text_is_utf8);
  CHECK(texts.size() == names);
}

TEST_CASE("a name in UTF-8 is its own text unless it holds an escape", "[statistics]") {
  CHECK(PrintableName("caf\xc3\xa9 \\ \\x \\xF0") == "caf\xc3\xa9 \\ \\x \\xF0");
  CHECK(PrintableName("cl\xff") == "cl\\xff");
  CHECK(PrintableName("cl\\xff") == "cl\\x5cxff");
}

}  // namespace imnorm
