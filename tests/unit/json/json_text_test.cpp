// JSON text in its fixed form reads back as what it was made of.
#include "json/json_text.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

namespace imnorm {

using Json = nlohmann::json;

TEST_CASE("every double survives its text", "[json]") {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const uint64_t bits = random();
    double value = 0;
    memcpy(&value, &bits, sizeof(value));
    if (value - value != 0) continue;
    CHECK(Json::parse(JsonNumber(value)).get<double>() == value);
  }
  CHECK(JsonNumber(0.1) == "0.10000000000000001");
  CHECK(JsonNumber(255.0) == "255");
}

TEST_CASE("what is no number is null", "[json]") {
  CHECK(JsonNumber(std::nullopt) == "null");
  CHECK(JsonNumber(std::numeric_limits<double>::quiet_NaN()) == "null");
  CHECK(JsonNumber(-std::numeric_limits<double>::infinity()) == "null");
  CHECK(JsonNumbers({1.0, std::nullopt}) == "[1, null]");
  CHECK(JsonMatrix({{1.0}, {}}) == "[[1], []]");
}

TEST_CASE("any bytes make a string that reads back, and UTF-8 as itself", "[json]") {
  for (const char* text : {"", "a\"b\\c\n\t\x01", "caf\xc3\xa9"}) {
    CHECK(Json::parse(JsonString(text)) == text);
  }
  CHECK(Json::parse(JsonString("a\xff")) == "a\xef\xbf\xbd");
}

TEST_CASE("an object has a member a line, further in by its depth", "[json]") {
  JsonObject empty(3), inner(1), outer(0);
  CHECK(empty.Text() == "{}");
  inner.Add("k\"", "1");
  outer.Add("a", JsonList({"1", "2"}));
  outer.Add("b", inner.Text());
  CHECK(outer.Text() == "{\n  \"a\": [1, 2],\n  \"b\": {\n    \"k\\\"\": 1\n  }\n}");
}

TEST_CASE("an object in one line has its members in the order they came", "[json]") {
  JsonRow row;
  CHECK(row.Text() == "{}");
  row.Add("row", uint64_t{1} << 63);
  row.Add("below", -1);
  row.Add("k\"", "[1]");
  CHECK(row.Text() == "{\"row\": 9223372036854775808, \"below\": -1, \"k\\\"\": [1]}");
}

TEST_CASE("a list has an item a line, and none where there is none", "[json]") {
  CHECK(JsonLines({}, 1) == "[]");
  JsonObject outer(0);
  outer.Add("items", JsonLines({"1", "{}"}, 1));
  CHECK(outer.Text() == "{\n  \"items\": [\n    1,\n    {}\n  ]\n}");
  CHECK(JsonCounts({}) == "[]");
  CHECK(JsonCounts({0, UINT64_MAX}) == "[0, 18446744073709551615]");
}

TEST_CASE("a path of no UTF-8 brings its bytes along", "[json]") {
  const auto members = [](std::string_view path) {
    JsonRow row;
    row.AddPath(path);
    return Json::parse(row.Text());
  };
  CHECK(members("a/b.png") == Json{{"path", "a/b.png"}});
  CHECK(members("\xff") == Json{{"path", "\xef\xbf\xbd"}, {"path_b64", "/w=="}});
}

}  // namespace imnorm
