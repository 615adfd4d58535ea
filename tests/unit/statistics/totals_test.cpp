#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "imnorm/statistics.h"

namespace imnorm {
namespace {

// Sums of a small made picture, by definition.
PictureSums MadePicture(int width, int height, uint32_t seed, int levels = 256) {
  std::mt19937 random(seed);
  PictureSums out{width, height, 3,  levels, uint64_t(width) * uint64_t(height), {}, {},
                  {},    {},     {}, {}};
  out.sum.resize(3);
  out.sum_squares.resize(3);
  out.cross.resize(3);
  out.min.assign(3, UINT32_MAX);
  out.max.assign(3, 0);
  out.histogram.resize(3 * size_t(levels));
  for (uint64_t i = 0; i < out.pixels; ++i) {
    uint32_t v[3];
    for (size_t c = 0; c < 3; ++c) {
      v[c] = random() % uint32_t(levels);
      out.sum[c] += v[c];
      out.sum_squares[c] += uint64_t(v[c]) * v[c];
      out.min[c] = std::min(out.min[c], v[c]);
      out.max[c] = std::max(out.max[c], v[c]);
      ++out.histogram[c * size_t(levels) + v[c]];
    }
    out.cross[0] += uint64_t(v[0]) * v[1];
    out.cross[1] += uint64_t(v[0]) * v[2];
    out.cross[2] += uint64_t(v[1]) * v[2];
  }
  return out;
}

}  // namespace

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
  CHECK(values->mean.size() == 3);
  CHECK(values->mean[0] == Approx(0.5).margin(0.1));
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
