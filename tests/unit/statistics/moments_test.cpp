#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "statistics/summary.h"
#include "unit/statistics/made_pictures.h"

namespace imnorm {
namespace {

Summary Summarized(const Totals& totals) {
  return Summarize(totals.moments(), totals.settings(), totals.images());
}

StatsSettings OneChannel(SampleKind samples = SampleKind::kU8) {
  StatsSettings out;
  out.channels = 1;
  out.channel_order = "gray";
  out.samples = samples;
  out.scale = samples == SampleKind::kU8 ? 255 : samples == SampleKind::kU16 ? 65535 : 1;
  return out;
}

// Two passes in long double: good to more digits than any check here asks for.
double NaiveStd(const std::vector<double>& values) {
  long double mean = 0, squares = 0;
  for (double value : values) mean += value;
  mean /= (long double)(values.size());
  for (double value : values) squares += (value - mean) * (value - mean);
  return double(std::sqrt(squares / (long double)(values.size())));
}

}  // namespace

TEST_CASE("a constant picture has a std of exactly 0, whatever is asked for", "[statistics]") {
  StatsSettings settings = OneChannel();
  settings.weight = GENERATE(PixelWeight::kPixel, PixelWeight::kImage);
  settings.std_of = GENERATE(StdOf::kPooled, StdOf::kImageMean);
  settings.ddof = GENERATE(0, 1);
  for (uint32_t value : {0u, 7u, 255u}) {
    Totals totals(settings);
    for (int side : {3, 11, 100}) {
      const std::vector<uint32_t> samples(size_t(side * side), value);
      REQUIRE(totals.Add(SumsOf(side, side, 1, 256, samples)));
    }
    const Summary summary = Summarized(totals);
    CHECK(summary.mean[0] == value / 255.0);
    CHECK(summary.std[0] == 0.0);
    CHECK(summary.mean_of_image_std[0] == 0.0);
    CHECK(summary.mean_error[0] == 0.0);
    CHECK(summary.std_error[0] == 0.0);
    CHECK(summary.covariance[0][0] == 0.0);
    CHECK_FALSE(summary.correlation[0][0].has_value());
  }
}

TEST_CASE("constant float pictures have a std of exactly 0", "[statistics]") {
  StatsSettings settings = OneChannel(SampleKind::kFloat);
  settings.weight = GENERATE(PixelWeight::kPixel, PixelWeight::kImage);
  Totals totals(settings);
  for (size_t length : {1, 7, 100}) {
    REQUIRE(totals.Add(FloatSumsOf(std::vector<double>(length, 0.1)), 0, "made"));
  }
  const Summary summary = Summarized(totals);
  CHECK(summary.mean[0] == 0.1);
  CHECK(summary.std[0] == 0.0);
  CHECK(summary.std_error[0] == 0.0);
}

TEST_CASE("the mean of the images' stds is below the pooled std where images differ",
          "[statistics]") {
  // Half the pictures dark, half bright: the spread between pictures is in the pooled std only.
  Totals totals(OneChannel());
  std::vector<double> all;
  double own = 0;
  for (uint32_t i = 0; i < 10; ++i) {
    std::vector<uint32_t> samples;
    for (uint32_t j = 0; j < 64; ++j) samples.push_back(i % 2 * 150 + (j * 7 + i) % 50);
    REQUIRE(totals.Add(SumsOf(8, 8, 1, 256, samples)));
    const std::vector<double> values(samples.begin(), samples.end());
    own += NaiveStd(values) / 10;
    all.insert(all.end(), values.begin(), values.end());
  }
  const Summary summary = Summarized(totals);
  CHECK(*summary.std[0] == Approx(NaiveStd(all) / 255).epsilon(1e-14));
  CHECK(*summary.mean_of_image_std[0] == Approx(own / 255).epsilon(1e-14));
  CHECK(*summary.std[0] > 4 * *summary.mean_of_image_std[0]);
}

TEST_CASE("std-of image-mean puts the old recipe into std and keeps the pooled one beside it",
          "[statistics]") {
  StatsSettings settings = OneChannel();
  Totals pooled(settings);
  settings.std_of = StdOf::kImageMean;
  Totals by_image(settings);
  for (uint32_t i = 0; i < 5; ++i) {
    REQUIRE(pooled.Add(MadePicture(5, 5, i, 256, 1)));
    REQUIRE(by_image.Add(MadePicture(5, 5, i, 256, 1)));
  }
  const Summary a = Summarized(pooled), b = Summarized(by_image);
  CHECK(b.std == a.mean_of_image_std);
  CHECK(b.pooled_std == a.std);
  CHECK(b.std != a.std);
}

TEST_CASE("weight image gives every picture the same say", "[statistics]") {
  StatsSettings settings = OneChannel();
  settings.weight = PixelWeight::kImage;
  Totals totals(settings);
  REQUIRE(totals.Add(SumsOf(1, 2, 1, 256, {0, 10})));
  REQUIRE(totals.Add(SumsOf(2, 2, 1, 256, {200, 200, 200, 200})));
  const Summary summary = Summarized(totals);
  CHECK(summary.mean[0] == 102.5 / 255);
  // Second moments 50 and 40000, so the variance is 20025 - 102.5^2.
  CHECK(*summary.std[0] == Approx(std::sqrt(20025 - 102.5 * 102.5) / 255).epsilon(1e-15));
}

TEST_CASE("16-bit totals take 8-bit pictures at the same brightness", "[statistics]") {
  StatsSettings settings = OneChannel(SampleKind::kU16);
  settings.histogram = true;
  Totals mixed(settings), wide(settings);
  REQUIRE(mixed.Add(SumsOf(3, 1, 1, 256, {0, 128, 255})));
  REQUIRE(wide.Add(SumsOf(3, 1, 1, 65536, {0, 128 * 257, 65535})));
  CHECK((StatsToJson(mixed) == StatsToJson(wide)));
  CHECK(Summarized(mixed).max[0] == 1.0);
}

TEST_CASE("a picture of another kind is refused, and the totals stay", "[statistics]") {
  Totals totals{StatsSettings()};
  REQUIRE(totals.Add(MadePicture(3, 3, 1)));
  const std::string before = StatsToJson(totals);
  CHECK(totals.Add(MadePicture(3, 3, 1, 256, 1)).error().code == ErrorCode::kUnsupported);
  CHECK(totals.Add(MadePicture(3, 3, 1, 65536)).error().code == ErrorCode::kUnsupported);
  FloatSums floats;
  floats.Reset(3, 3, 3, true);
  CHECK(totals.Add(floats, 0, "made").error().code == ErrorCode::kUnsupported);
  CHECK((StatsToJson(totals) == before));
}

TEST_CASE("NaN and infinities are counted, named and left out", "[statistics]") {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInf = std::numeric_limits<double>::infinity();
  StatsSettings settings = OneChannel(SampleKind::kFloat);
  Totals totals(settings), clean(settings);
  REQUIRE(totals.Add(FloatSumsOf({1, kNan, 2, kInf, -kInf, kNan}), 5, "b.npy"));
  REQUIRE(totals.Add(FloatSumsOf({3}), 6, "c.npy"));
  REQUIRE(totals.Add(FloatSumsOf({kNan}), 2, "a.npy"));
  REQUIRE(clean.Add(FloatSumsOf({1, 2}), 5, "b.npy"));
  REQUIRE(clean.Add(FloatSumsOf({3}), 6, "c.npy"));
  CHECK(Summarized(totals).mean == Summarized(clean).mean);
  CHECK(Summarized(totals).std == Summarized(clean).std);
  CHECK(Summarized(totals).max[0] == 3.0);
  const NonfiniteCounts& counts = totals.nonfinite();
  CHECK(counts.inputs == 2);
  CHECK(counts.pixels == 5);
  CHECK(counts.nan == std::vector<uint64_t>{3});
  CHECK(counts.positive_infinity == std::vector<uint64_t>{1});
  CHECK(counts.negative_infinity == std::vector<uint64_t>{1});
  CHECK(counts.first == std::vector<NonfiniteInput>{{2, "a.npy", 1}, {5, "b.npy", 4}});
  CHECK(StatsToJson(totals).find("nan\": [3]") != std::string::npos);
}

TEST_CASE("a pixel with one bad channel counts in none", "[statistics]") {
  constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
  // Planes of 3 pixels: channel 0 is 1 2 3, channel 1 is 4 NaN 6.
  const float planes[] = {1, 2, 3, 4, kNan, 6};
  FloatSums sums;
  sums.Reset(3, 1, 2, true);
  AddFloatPixels(planes, 3, 1, 3, &sums);
  CHECK(sums.pixels == 2);
  CHECK(sums.sum[0].Rounded() == 4);
  CHECK(sums.sum[1].Rounded() == 10);
  CHECK(sums.cross[0].Rounded() == 22);
  CHECK(sums.nan == std::vector<uint64_t>{0, 1});
}

TEST_CASE("interleaved pixels and planes give the same float sums", "[statistics]") {
  const double interleaved[] = {1, 4, -2, 5, 0.1, 6}, planes[] = {1, -2, 0.1, 4, 5, 6};
  FloatSums a, b;
  a.Reset(3, 1, 2, true);
  b.Reset(3, 1, 2, true);
  AddFloatPixels(interleaved, 3, 2, 1, &a);
  AddFloatPixels(planes, 3, 1, 3, &b);
  for (size_t c = 0; c < 2; ++c) {
    CHECK(a.sum[c].ToText(false) == b.sum[c].ToText(false));
    CHECK(a.sum_squares[c].ToText(false) == b.sum_squares[c].ToText(false));
  }
  CHECK(a.cross[0].ToText(false) == b.cross[0].ToText(false));
  CHECK(a.min == std::vector<double>{-2, 4});
}

TEST_CASE("long rows and planes of floats add up as single pixels do", "[statistics]") {
  std::mt19937_64 random(3);
  const auto check = [&](auto sample) {
    using Sample = decltype(sample);
    std::vector<Sample> planes(3 * 70000);
    for (Sample& value : planes) {
      const int exponent = int(random() % 60) - (random() % 50 == 0 ? 160 : 30);
      value = Sample(std::ldexp(double(int64_t(random())), exponent - 63));
    }
    planes[5] = std::numeric_limits<Sample>::denorm_min();
    planes[6] = -0.0;
    for (bool with_nan : {false, true}) {
      if (with_nan) planes[70000 + 66000] = std::numeric_limits<Sample>::quiet_NaN();
      FloatSums whole, single;
      whole.Reset(70000, 1, 3, true);
      single.Reset(70000, 1, 3, true);
      AddFloatPixels(planes.data(), 70000, 1, 70000, &whole);
      for (size_t i = 0; i < 70000; ++i) AddFloatPixels(&planes[i], 1, 1, 70000, &single);
      CHECK(whole.pixels == (with_nan ? 69999u : 70000u));
      CHECK(whole.pixels == single.pixels);
      CHECK(whole.nan == single.nan);
      CHECK(whole.min == single.min);
      CHECK(whole.max == single.max);
      for (size_t c = 0; c < 3; ++c) {
        CHECK(whole.sum[c].ToText(false) == single.sum[c].ToText(false));
        CHECK(whole.sum_squares[c].ToText(false) == single.sum_squares[c].ToText(false));
        CHECK(whole.cross[c].ToText(false) == single.cross[c].ToText(false));
      }
    }
  };
  check(float());
  check(double());
}

TEST_CASE("floats whose squares are beyond a double are refused by name", "[statistics]") {
  Totals totals(OneChannel(SampleKind::kFloat));
  const Result<void> added = totals.Add(FloatSumsOf({1e200}), 0, "made");
  REQUIRE_FALSE(added);
  CHECK(added.error().message.find("beyond the range") != std::string::npos);
  CHECK(totals.images() == 0);
}

TEST_CASE("negative zero does not depend on the order of samples", "[statistics]") {
  CHECK_FALSE(std::signbit(FloatSumsOf({-0.0, 0.0}).min[0]));
  CHECK_FALSE(std::signbit(FloatSumsOf({0.0, -0.0}).min[0]));
}

TEST_CASE("more than 4096 picture sizes are given up in any order", "[statistics]") {
  SizeCounts all, first, second;
  for (int i = 1; i <= 3000; ++i) {
    first.Add(i, 1);
    second.Add(1, i + 1);
    all.Add(1, i + 1);
    all.Add(i, 1);
  }
  CHECK_FALSE(first.pairs_given_up);
  CHECK(all.pairs_given_up);
  first.Add(second);
  CHECK(first.pairs_given_up);
  CHECK(first.pairs == all.pairs);
  CHECK(first.widths == all.widths);
  first.Add(5, 5);
  CHECK(first.pairs.empty());
  const std::optional<SizeRange> range = RangeOf(all.heights);
  REQUIRE(range);
  CHECK(range->min == 1);
  CHECK(range->max == 3001);
  CHECK(range->median == 1.5);
}

}  // namespace imnorm
