// Fields of a config: read, ignored by name, or an error that says where.
#include "plan/json_reader.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

template <typename Read>
std::string FaultOf(const char* text, const Read& read) {
  const Json json = Json::parse(text);
  ObjectReader reader(json, "resize");
  read(reader);
  const auto done = reader.Finish();
  return done ? "" : done.error().message;
}

}  // namespace

TEST_CASE("fields are read, and absent or null ones leave what was there", "[plan]") {
  bool flag = true;
  int whole = 7;
  double number = 1.5;
  std::string text = "x";
  std::vector<double> numbers;
  Filter filter = Filter::kBox;
  const auto read = [&](ObjectReader& r) {
    r.Bool("flag", flag);
    r.Int("whole", whole, -5, 5);
    r.Number("number", number);
    r.String("text", text);
    r.Numbers("numbers", numbers, 3);
    r.Choice("filter", filter);
  };
  CHECK(FaultOf(R"({"flag": null})", read) == "");
  CHECK(flag);
  CHECK(whole == 7);
  CHECK(FaultOf(R"({"flag": false, "whole": -5, "number": 2, "text": "", "numbers": 0.5,
                    "filter": "bicubic"})",
                read) == "");
  CHECK_FALSE(flag);
  CHECK(whole == -5);
  CHECK(number == 2.0);
  CHECK(numbers == std::vector<double>{0.5});
  CHECK(filter == Filter::kBicubic);
}

TEST_CASE("a field of another kind or beyond its bounds is named with its place", "[plan]") {
  int whole = 0;
  bool flag = false;
  std::vector<double> numbers;
  const auto read = [&](ObjectReader& r) {
    r.Int("whole", whole, 0, 5);
    r.Bool("flag", flag);
    r.Numbers("numbers", numbers, 2);
  };
  for (const char* text : {R"({"whole": 6})", R"({"whole": -1})", R"({"whole": 1.5})",
                           R"({"whole": "1"})", R"({"whole": 1e300})"}) {
    CAPTURE(text);
    CHECK_THAT(FaultOf(text, read), Catch::StartsWith("\"resize.whole\": "));
  }
  CHECK_THAT(FaultOf(R"({"flag": 1})", read), Catch::StartsWith("\"resize.flag\": "));
  CHECK_THAT(FaultOf(R"({"numbers": [1, 2, 3]})", read), Catch::Contains("resize.numbers"));
  CHECK_THAT(FaultOf(R"({"numbers": [1, "2"]})", read), Catch::Contains("resize.numbers"));
}

TEST_CASE("a field that nobody asked for is an error, unless it is known to mean nothing",
          "[plan]") {
  bool flag = false;
  CHECK(FaultOf(R"({"flga": true})", [&](ObjectReader& r) { r.Bool("flag", flag); }) ==
        "unknown field \"resize.flga\": did you mean \"flag\"?");
  CHECK(FaultOf(R"({"comment": 1})", [](ObjectReader& r) { r.Ignore({"comment"}); }) == "");
  CHECK_THAT(FaultOf(R"({"a": 1})", [](ObjectReader& r) { r.Ignore({"comment"}); }),
             Catch::Contains("resize.a"));
}

TEST_CASE("the first error is the one that is told", "[plan]") {
  bool flag = false;
  CHECK_THAT(FaultOf(R"({"a": 1, "b": 1, "z": 1})",
                     [&](ObjectReader& r) {
                       r.Bool("b", flag);
                       r.Bool("a", flag);
                     }),
             Catch::StartsWith("\"resize.b\""));
}

TEST_CASE("a document must be an object", "[plan]") {
  CHECK(ParseJsonObject("{}"));
  for (const char* text : {"", "[]", "1", "{", "{\"a\": 1, \"a\": 2}"}) {
    CAPTURE(text);
    const auto parsed = ParseJsonObject(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == ErrorCode::kBadConfig);
  }
}

}  // namespace imnorm
