#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "statistics/distribution.h"
#include "statistics/moments.h"
#include "statistics/summary.h"
#include "unit/statistics/made_pictures.h"

// The numbers come from tests/golden/make_statistics_golden.py: fractions and decimals of Python.
namespace imnorm {
namespace {

using nlohmann::json;

const json& Golden() {
  static const json golden = [] {
    std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/statistics_golden.json");
    return json::parse(file);
  }();
  return golden;
}

std::vector<uint64_t> Integers(const json& texts) {
  std::vector<uint64_t> out;
  for (const json& text : texts) out.push_back(std::stoull(text.get<std::string>()));
  return out;
}

PictureSums PictureFrom(const json& row, const json& settings) {
  PictureSums out;
  out.width = row["width"];
  out.height = row["height"];
  out.channels = settings["channels"];
  out.levels = settings["samples"] == "uint16" ? 65536 : 256;
  out.pixels = row["pixels"];
  out.sum = Integers(row["sum"]);
  out.sum_squares = Integers(row["sum_squares"]);
  out.cross = Integers(row["cross"]);
  out.min = row["min"].get<std::vector<uint32_t>>();
  out.max = row["max"].get<std::vector<uint32_t>>();
  return out;
}

StatsSettings SettingsFrom(const json& row) {
  StatsSettings out;
  out.channels = row["channels"];
  out.samples = row["samples"] == "uint8"    ? SampleKind::kU8
                : row["samples"] == "uint16" ? SampleKind::kU16
                                             : SampleKind::kFloat;
  out.scale = row["scale"];
  out.ddof = row["ddof"];
  if (row.contains("sampled_from")) {
    out.sample_seed = 1;
    out.sampled_from = row["sampled_from"];
  }
  return out;
}

void CheckNumber(const json& expected, MaybeNumber actual) {
  REQUIRE(expected.is_null() == !actual.has_value());
  if (actual) CHECK(*actual == std::strtod(expected.get<std::string>().c_str(), nullptr));
}

void CheckNumbers(const char* what, const json& expected, const std::vector<MaybeNumber>& actual) {
  INFO(what);
  REQUIRE(expected.size() == actual.size());
  for (size_t i = 0; i < actual.size(); ++i) CheckNumber(expected[i], actual[i]);
}

Summary Summarized(const Totals& totals) {
  return Summarize(totals.moments(), totals.settings(), totals.images());
}

}  // namespace

TEST_CASE("integer statistics are the correctly rounded values", "[statistics]") {
  for (const json& row : Golden()["integers"]) {
    INFO(row["name"].get<std::string>());
    Totals totals(SettingsFrom(row["settings"]));
    for (const json& picture : row["pictures"]) {
      REQUIRE(totals.Add(PictureFrom(picture, row["settings"])));
    }
    const Summary actual = Summarized(totals);
    const json& expected = row["expected"];
    CheckNumbers("mean", expected["mean"], actual.mean);
    CheckNumbers("std", expected["std"], actual.std);
    CheckNumbers("mean_error", expected["mean_error"], actual.mean_error);
    CheckNumbers("std_error", expected["std_error"], actual.std_error);
    REQUIRE(actual.covariance.size() == expected["covariance"].size());
    for (size_t i = 0; i < actual.covariance.size(); ++i) {
      CheckNumbers("covariance", expected["covariance"][i], actual.covariance[i]);
      CheckNumbers("correlation", expected["correlation"][i], actual.correlation[i]);
    }
  }
}

TEST_CASE("float statistics are the correctly rounded values", "[statistics]") {
  for (const json& row : Golden()["floats"]) {
    INFO(row["name"].get<std::string>());
    Totals totals(SettingsFrom(row["settings"]));
    for (const json& texts : row["values"]) {
      std::vector<double> values;
      for (const json& text : texts) {
        values.push_back(std::strtod(text.get<std::string>().c_str(), nullptr));
      }
      REQUIRE(totals.Add(FloatSumsOf(values), 0, "made"));
    }
    const Summary actual = Summarized(totals);
    CheckNumber(row["expected"]["mean"], actual.mean[0]);
    CheckNumber(row["expected"]["std"], actual.std[0]);
    CheckNumber(row["expected"]["covariance"], actual.covariance[0][0]);
  }
}

TEST_CASE("percentiles, skewness and kurtosis are exact from the histogram", "[statistics]") {
  for (const json& row : Golden()["histograms"]) {
    INFO(row["name"].get<std::string>());
    const double scale = row["scale"];
    std::vector<uint64_t> histogram(scale == 65535 ? 65536 : 256);
    for (size_t value : row["values"]) ++histogram[value];
    for (size_t i = 0; i < row["percents"].size(); ++i) {
      INFO(row["percents"][i]);
      CheckNumber(row["percentiles"][i], Percentile(histogram, row["percents"][i], scale));
    }
    const Shape shape = ShapeOf(histogram);
    CheckNumber(row["skewness"], shape.skewness);
    CheckNumber(row["excess_kurtosis"], shape.excess_kurtosis);
  }
}

}  // namespace imnorm
