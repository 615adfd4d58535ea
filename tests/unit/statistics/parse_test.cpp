#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "unit/statistics/made_pictures.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

// One document of every kind that is written.
std::vector<std::pair<std::string, std::string>> Documents() {
  std::vector<std::pair<std::string, std::string>> out;
  const auto add = [&](const char* name, const Totals& totals) {
    out.emplace_back(name, StatsToJson(totals));
  };
  StatsSettings settings;
  settings.list_hash = "abc";
  settings.list_entries = 9;
  const auto filled = [](const StatsSettings& with, int levels = 256) {
    Totals totals(with);
    for (uint32_t i = 0; i < 8; ++i) {
      REQUIRE(totals.Add(MadePicture(2 + int(i), 3, i, levels, with.channels), i % 2 ? "a" : "b"));
    }
    totals.AddFailure(8, "bad\xff", "made so");
    return totals;
  };
  add("plain", filled(settings));
  add("empty", Totals(settings));
  add("shard", Totals(settings, ShardSet{3, {1, 3}}));
  settings.sample_seed = 5;
  settings.sampled_from = 100;
  settings.plan = "{\"resize\": 256}";
  settings.pixels_are = "resize 256";
  settings.histogram = true;
  settings.percentiles = {0, 50, 99.9};
  settings.per_class = true;
  add("everything", filled(settings));
  settings.weight = PixelWeight::kImage;
  settings.std_of = StdOf::kImageMean;
  settings.ddof = 1;
  settings.plan = "in words";
  add("by image", filled(settings));
  settings.samples = SampleKind::kU16;
  settings.scale = 65535;
  add("16-bit", filled(settings, 65536));
  settings = {};
  settings.cross = false;
  settings.channels = 5;
  settings.channel_order = "native";
  add("bands without products", filled(settings));
  settings = {};
  settings.samples = SampleKind::kFloat;
  settings.channels = 1;
  settings.scale = 1;
  settings.channel_order = "native";
  Totals floats(settings);
  REQUIRE(floats.Add(FloatSumsOf({1e16, 1e-3, 0.0 / 0.0}), 3, "a\xff.npy"));
  REQUIRE(floats.Add(FloatSumsOf({-0.5}), 4, "b.npy"));
  add("floats", floats);
  return out;
}

}  // namespace

TEST_CASE("every kind of document reads back to its own bytes", "[statistics]") {
  for (const auto& [name, text] : Documents()) {
    INFO(name);
    const Result<Totals> totals = ParseStats(text);
    REQUIRE(totals);
    CHECK((StatsToJson(*totals) == text));
  }
}

TEST_CASE("documents for the check against the JSON Schema", "[.documents]") {
  const char* folder = std::getenv("IMNORM_DOCUMENTS");
  REQUIRE(folder != nullptr);
  for (const auto& [name, text] : Documents()) {
    std::ofstream(std::string(folder) + "/" + name + ".json") << text;
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
  std::string whole = Documents()[0].second;
  const size_t sum = whole.find("\"sum\"");
  whole.insert(sum, "\"sum\": [\"1\", \"1\", \"1\"], ");
  CHECK(ParseStats(whole).error().message.find("\"sum\" is given twice") != std::string::npos);
  for (const char* open : {"[", "{\"a\": "}) {
    std::string plan;
    for (int i = 0; i < 60000; ++i) plan += open;
    std::string nested = Documents()[0].second;
    nested.insert(1, "\"plan\": " + plan);
    CHECK(ParseStats(nested).error().message.find("nested deeper") != std::string::npos);
    CHECK(ReadStatsValues(nested).error().message.find("nested deeper") != std::string::npos);
  }
}

TEST_CASE("a member that is missing or of a wrong kind is named", "[statistics]") {
  const Json whole = Json::parse(Documents()[3].second);
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

TEST_CASE("sums that contradict each other are refused", "[statistics]") {
  Json json = Json::parse(Documents()[0].second);
  json["exact"]["sum_squares"][1] = "12";
  CHECK(ParseStats(json.dump()).error().message.find("contradict") != std::string::npos);
  json = Json::parse(Documents()[0].second);
  json["exact"]["pixels"] = "-100";
  CHECK_FALSE(ParseStats(json.dump()));
}

TEST_CASE("damaged documents are refused or read, and never break the writer", "[statistics]") {
  std::mt19937 random(1);
  for (const auto& [name, whole] : Documents()) {
    const size_t start = whole.find("\"failed\"");
    const int rounds = whole.size() > 100000 ? 20 : 300;
    for (int i = 0; i < rounds; ++i) {
      std::string text = whole;
      const size_t place = start + random() % std::min<size_t>(text.size() - start, 20000);
      if (i % 3 == 0) text.resize(place);
      if (i % 3 == 1) text[place] = char(random());
      if (i % 3 == 2) text[place] = "0123456789-,\"[]{}pe."[random() % 20];
      const Result<Totals> totals = ParseStats(text);
      if (totals) CHECK_FALSE(StatsToJson(*totals).empty());
    }
  }
}

}  // namespace imnorm
