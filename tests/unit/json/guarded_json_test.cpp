// What the one reader of foreign JSON lets pass, and how it says no.
#include "json/guarded_json.h"

#include <catch2/catch.hpp>
#include <string>

namespace imnorm {
namespace {

using Json = nlohmann::json;

std::string Refusal(std::string_view text, const JsonLimits& limits = {}) {
  const Result<Json> json = ParseGuarded<Json>(text, limits);
  REQUIRE_FALSE(json);
  CHECK(json.error().code == ErrorCode::kCorrupt);
  return json.error().message;
}

std::string Nested(const char* open, const char* close, size_t levels) {
  std::string out;
  for (size_t i = 0; i < levels; ++i) out += open;
  out += "1";
  for (size_t i = 0; i < levels; ++i) out += close;
  return out;
}

}  // namespace

TEST_CASE("a document is read as it stands, with or without a byte order mark", "[json]") {
  const std::string text = R"({"b": [1, -2.5, "x"], "a": {"b": null}})";
  for (const char* mark : {"", "\xef\xbb\xbf"}) {
    const auto json = ParseGuarded<Json>(mark + text);
    REQUIRE(json);
    CHECK(*json == Json::parse(text));
    const auto ordered = ParseGuarded<nlohmann::ordered_json>(mark + text);
    REQUIRE(ordered);
    CHECK(ordered->dump() == R"({"b":[1,-2.5,"x"],"a":{"b":null}})");
  }
  CHECK(ParseGuarded<Json>("[]"));
}

TEST_CASE("a key given twice in one object is refused with its line and column", "[json]") {
  CHECK(Refusal("{\n \"a\": 1,\n \"a\": 2}") == "line 3, column 4: \"a\" is given twice");
  CHECK(Refusal(R"({"a": 1, "b": {"c": [{"d": 1, "d": 1}]}})") ==
        "line 1, column 33: \"d\" is given twice");
  CHECK(Refusal(R"({"a": 1, "\u0061": 2})").find("\"a\" is given twice") != std::string::npos);
  CHECK(ParseGuarded<Json>(R"({"a": {"a": [{"a": 1}, {"a": 2}]}, "b": {"a": 1}})"));
}

TEST_CASE("nesting is bounded however long it goes on", "[json]") {
  CHECK(ParseGuarded<Json>(Nested("[", "]", 32)));
  CHECK(Refusal(Nested("[", "]", 33)) == "line 1, column 33: nested deeper than 32");
  CHECK(ParseGuarded<Json>(Nested("{\"a\":", "}", 32)));
  for (size_t levels : {33, 60000, 1000000}) {
    CHECK(Refusal(Nested("{\"a\":", "}", levels)).find("nested deeper than 32") !=
          std::string::npos);
    CHECK(Refusal(std::string(levels, '[')).find("nested deeper than 32") != std::string::npos);
  }
  CHECK(Refusal("[[1]]", {.depth = 1}).find("nested deeper than 1") != std::string::npos);
}

TEST_CASE("what is no JSON is refused with its line and column", "[json]") {
  CHECK(Refusal("{\"a\": 1,\n\"b\" 2}").find("not JSON: parse error at line 2, column 5") == 0);
  CHECK(Refusal("").find("not JSON") == 0);
  CHECK(Refusal("{} {}").find("not JSON") == 0);
  CHECK(Refusal("[1e999]").find("not JSON") == 0);
  CHECK(Refusal("[NaN]").find("not JSON") == 0);
  CHECK(Refusal("{\"\xff\": 1}").find("not JSON") == 0);
  CHECK(Refusal("{\"a\": \"\xed\xa0\x80\"}").find("not JSON") == 0);
}

TEST_CASE("a text beyond the limit is not parsed", "[json]") {
  CHECK(ParseGuarded<Json>("[1, 2]", {.bytes = 6}));
  CHECK(Refusal("[1, 2]", {.bytes = 5}) == "6 bytes of JSON, where 5 are read");
}

}  // namespace imnorm
