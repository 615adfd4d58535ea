#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "unit/statistics/made_totals.h"

namespace imnorm {

using Json = nlohmann::ordered_json;

TEST_CASE("every kind of document reads back to its own bytes", "[statistics]") {
  for (const auto& [name, totals_of] : MadeTotals()) {
    INFO(name);
    const std::string text = StatsToJson(totals_of);
    const Result<Totals> totals = ParseStats(text);
    INFO((totals ? "" : totals.error().message));
    REQUIRE(totals);
    CHECK((StatsToJson(*totals) == text));
  }
}

TEST_CASE("documents for the check against the JSON Schema", "[.documents]") {
  const char* folder = std::getenv("IMNORM_DOCUMENTS");
  REQUIRE(folder != nullptr);
  for (const auto& [name, totals] : MadeTotals()) {
    std::ofstream(std::string(folder) + "/" + name + ".json") << StatsToJson(totals);
  }
}

TEST_CASE("what is no statistics file is refused by name", "[statistics]") {
  const auto message = [](std::string_view text) {
    const Result<Totals> totals = ParseStats(text);
    REQUIRE_FALSE(totals);
    CHECK(totals.error().code == ErrorCode::kCorrupt);
    return totals.error().message;
  };
  CHECK(message("").find("not JSON") == 0);
  CHECK(message("[1, 2").find("not JSON") == 0);
  CHECK(message("[]").find("imnorm.stats/1") != std::string::npos);
  CHECK(message("{\"schema\": \"imnorm.manifest/1\"}").find("imnorm.stats/1") != std::string::npos);
  CHECK(message("{\"schema\": \"imnorm.stats/1\"}").find("missing") != std::string::npos);
}

TEST_CASE("a partial with a key twice or nested without end is refused, not summed up",
          "[statistics]") {
  std::string whole = StatsToJson(MadeTotalsOf("plain"));
  const size_t sum = whole.find("\"sum\"");
  whole.insert(sum, "\"sum\": [\"1\", \"1\", \"1\"], ");
  CHECK(ParseStats(whole).error().message.find("\"sum\" is given twice") != std::string::npos);
  for (const char* open : {"[", "{\"a\": "}) {
    std::string plan;
    for (int i = 0; i < 60000; ++i) plan += open;
    std::string nested = StatsToJson(MadeTotalsOf("plain"));
    nested.insert(1, "\"plan\": " + plan);
    CHECK(ParseStats(nested).error().message.find("nested deeper") != std::string::npos);
    CHECK(ReadStatsValues(nested).error().message.find("nested deeper") != std::string::npos);
  }
}

TEST_CASE("a member that is missing or of a wrong kind is named", "[statistics]") {
  const Json whole = Json::parse(StatsToJson(MadeTotalsOf("everything")));
  for (const char* key : {"scale", "ddof", "samples", "weight", "std_of", "channels", "failed"}) {
    Json json = whole;
    json.erase(key);
    CHECK(ParseStats(json.dump()).error().message == "\"" + std::string(key) + "\" is missing");
    json[key] = Json::object({{"a", 1}});
    CHECK_FALSE(ParseStats(json.dump()));
  }
  for (const auto& [key, value] : whole["exact"].items()) {
    if (key == "cross" || key == "histogram") continue;  // absent is a setting of its own
    Json json = whole;
    json["exact"].erase(key);
    INFO(key);
    CHECK_FALSE(ParseStats(json.dump()));
    json["exact"][key] = -1;
    CHECK_FALSE(ParseStats(json.dump()));
  }
}

}  // namespace imnorm
