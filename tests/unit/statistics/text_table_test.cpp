// Tables that fit terminals of any width.
#include "statistics/text_table.h"

#include <catch2/catch.hpp>
#include <sstream>

#include "json/text_width.h"

namespace imnorm {
namespace {

const std::vector<std::vector<std::string>> kRows = {
    {"name", "mean", "longer head", "c"}, {"日本", "1", "2", "3"}, {"b", "-12.5", "0", "4"}};

TEST_CASE("a table that fits is one block, names left and numbers right", "[statistics]") {
  CHECK(TextTable(kRows, 80) ==
        "name   mean  longer head  c\n"
        "日本      1            2  3\n"
        "b     -12.5            0  4\n");
  CHECK(TextTable(kRows, 27) == TextTable(kRows, 80));
}

TEST_CASE("columns that do not fit go on below with the names again", "[statistics]") {
  CHECK(TextTable(kRows, 26) ==
        "name   mean  longer head\n"
        "日本      1            2\n"
        "b     -12.5            0\n"
        "\n"
        "name  c\n"
        "日本  3\n"
        "b     4\n");
}

TEST_CASE("no line is wider than the terminal where a single column fits", "[statistics]") {
  for (size_t width = 17; width < 40; ++width) {
    std::istringstream lines(TextTable(kRows, width));
    for (std::string line; std::getline(lines, line);) CHECK(TextWidth(line) <= width);
  }
  CHECK_FALSE(TextTable(kRows, 0).empty());
}

}  // namespace
}  // namespace imnorm
