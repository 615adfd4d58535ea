#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "unit/statistics/made_pictures.h"

namespace imnorm {

TEST_CASE("statistics written and read back are the same bytes", "[statistics]") {
  StatsSettings settings;
  settings.weight = GENERATE(PixelWeight::kPixel, PixelWeight::kImage);
  settings.histogram = GENERATE(false, true);
  settings.per_class = true;
  settings.plan = "{\"b\": 1, \"a\": [1, 2]}";
  Totals totals(settings);
  for (uint32_t i = 0; i < 9; ++i) {
    REQUIRE(totals.Add(MadePicture(3 + int(i), 5, i), i % 2 ? "cat" : "d\xc3\xb6g"));
  }
  totals.AddFailure(4, "bad\xff.jpg", "corrupt: \"end\"");
  const std::string text = StatsToJson(totals);
  const Result<Totals> back = ParseStats(text);
  REQUIRE(back);
  CHECK(StatsToJson(*back) == text);
  CHECK(back->failed()[0].path == "bad\xff.jpg");
  const Result<StatsValues> values = ReadStatsValues(text);
  REQUIRE(values);
  REQUIRE(values->mean.size() == 3);
  CHECK(values->mean == ValuesOf(totals)->mean);
  CHECK(values->std == ValuesOf(totals)->std);
}

TEST_CASE("statistics do not depend on the order of pictures", "[statistics]") {
  std::vector<uint32_t> order(40);
  for (uint32_t i = 0; i < 40; ++i) order[i] = i;
  std::string first;
  for (uint32_t round = 0; round < 4; ++round) {
    Totals totals{StatsSettings()};
    for (uint32_t i : order) REQUIRE(totals.Add(MadePicture(1 + int(i % 7), 4, i)));
    if (round == 0) first = StatsToJson(totals);
    CHECK(StatsToJson(totals) == first);
    std::shuffle(order.begin(), order.end(), std::mt19937(round));
  }
}

}  // namespace imnorm
