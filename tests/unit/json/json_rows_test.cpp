// Documents with rows: written in pieces, read whole or by their heads.
#include "json/json_rows.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <vector>

#include "json/json_value.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

std::string Document(const Json& head, const std::vector<std::string>& items) {
  JsonRows rows;
  std::string text = JsonRows::Begin(JsonText(head, 2), "items");
  for (const std::string& item : items) text += rows.Item(item);
  return text + JsonRows::End();
}

}  // namespace

TEST_CASE("pieces make one document, an item a line", "[json]") {
  const Json head = {{"schema", "x/1"}, {"empty", Json::object()}};
  const std::string text = Document(head, {"1", "{\"row\":2}"});
  CHECK(text.find("\n  \"items\": [\n    1,\n    {\"row\":2}\n  ]\n}\n") != std::string::npos);
  const Json read = Json::parse(text);
  CHECK(read["items"] == Json{1, {{"row", 2}}});
  CHECK(read["schema"] == "x/1");
  CHECK(Json::parse(Document(head, {}))["items"] == Json::array());
}

TEST_CASE("the head of a document is read without its rows, once it is all there", "[json]") {
  const Json head = {{"schema", "x/1"}, {"items of", {"a"}}};
  const std::string text = Document(head, {"1", "2"});
  std::string begin = text.substr(0, text.find("1,"));
  REQUIRE(JsonRows::Cut("items", begin));
  CHECK(Json::parse(begin) == head);
  std::string early = text.substr(0, text.find("\"items\": ["));
  const std::string before = early;
  CHECK_FALSE(JsonRows::Cut("items", early));
  CHECK(early == before);
}

}  // namespace imnorm
