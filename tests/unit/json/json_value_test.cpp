// Values as text: every string comes out as JSON takes it.
#include "json/json_value.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace imnorm {

using Json = nlohmann::ordered_json;

TEST_CASE("a value is written in one line or over lines, its members in their order", "[json]") {
  Json json;
  json["b"] = {1, 2};
  json["a"] = "x";
  CHECK(JsonText(json) == "{\"b\":[1,2],\"a\":\"x\"}");
  CHECK(JsonText(json["a"], 2) == "\"x\"");
  CHECK(JsonText(Json{{"a", 1}}, 2) == "{\n  \"a\": 1\n}");
}

TEST_CASE("bytes that are no UTF-8 do not end the writing", "[json]") {
  CHECK(JsonText(Json("a\xff")) == "\"a\xef\xbf\xbd\"");
  Json row;
  AddPath("a\xff", row);
  CHECK(row["path_b64"] == "Yf8=");
  CHECK(Json::parse(JsonText(row))["path"] == "a\xef\xbf\xbd");
  Json plain;
  AddPath("a/b.png", plain);
  CHECK(plain == Json{{"path", "a/b.png"}});
}

}  // namespace imnorm
