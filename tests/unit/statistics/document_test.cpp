// A statistics file against its own sums, and its checksum.
#include "statistics/document.h"

#include <catch2/catch.hpp>

#include "unit/statistics/made_totals.h"

namespace imnorm {

using Json = nlohmann::ordered_json;

TEST_CASE("the checksum follows values and order, not the layout", "[statistics]") {
  const std::string text = StatsToJson(MadeTotalsOf("everything"));
  Json json = Json::parse(text);
  const std::string checksum = json["checksum"].get<std::string>();
  json.erase("checksum");
  CHECK(checksum == ChecksumOf(json));
  CHECK(checksum == ChecksumOf(Json::parse(json.dump(7))));
  CHECK(checksum.size() == std::string("xxh3-128:").size() + 32);
  Json other = json;
  other["sampled"]["seed"] = 6;
  CHECK(checksum != ChecksumOf(other));
  other = Json::object();
  other["images"] = json["images"];
  other.update(json);
  CHECK(checksum != ChecksumOf(other));
}

TEST_CASE("a printed number that the sums do not give is named, with both", "[statistics]") {
  const Totals totals = MadeTotalsOf("everything");
  Json json = Json::parse(StatsDocument(totals).Text());
  CHECK(DifferenceFrom(json, totals).empty());
  const double mean = json["per_class"]["a"]["mean"][1].get<double>();
  json["per_class"]["a"]["mean"][1] = mean * (1 + 0x1p-52);
  CHECK(DifferenceFrom(json, totals).find("\"per_class.a.mean[1]\" is ") == 0);
  json = Json::parse(StatsDocument(totals).Text());
  json["percentiles"][0]["surprise"] = 1;
  CHECK(DifferenceFrom(json, totals) == "\"percentiles[0].surprise\" is not known");
  json = Json::parse(StatsDocument(totals).Text());
  json["standard_error"].erase("std");
  CHECK(DifferenceFrom(json, totals) == "\"standard_error.std\" is missing");
  json = Json::parse(StatsDocument(totals).Text());
  json["covariance"].erase(2);
  CHECK(DifferenceFrom(json, totals) == "\"covariance\" has 2 items instead of 3");
}

TEST_CASE("what is computed in doubles may differ in its last digits, and no more",
          "[statistics]") {
  const Totals totals = MadeTotalsOf("plain");
  for (const char* key : {"eigenvalues", "eigenvectors"}) {
    for (const bool near : {true, false}) {
      Json json = Json::parse(StatsDocument(totals).Text());
      Json& number = json[key][0].is_array() ? json[key][0][0] : json[key][0];
      number = number.get<double>() * (near ? 1 + 1e-12 : 1 + 1e-6);
      CHECK(DifferenceFrom(json, totals).empty() == near);
    }
  }
}

}  // namespace imnorm
