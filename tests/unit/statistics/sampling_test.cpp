#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "statistics/interval.h"
#include "unit/statistics/made_pictures.h"

namespace imnorm {

TEST_CASE("the random order is the same on every machine", "[statistics]") {
  // Worked out by a Python script of ten lines from the header's description.
  CHECK(RandomOrder(10, 0) == std::vector<uint64_t>{8, 4, 2, 9, 1, 6, 5, 3, 0, 7});
  CHECK(SampleOf(1000000, 5, 42) == std::vector<uint64_t>{38034, 159911, 278602, 344192, 741564});
}

TEST_CASE("the random order holds every entry once", "[statistics]") {
  for (uint64_t entries : {0, 1, 2, 1000}) {
    std::vector<uint64_t> order = RandomOrder(entries, 7), all(entries);
    std::iota(all.begin(), all.end(), uint64_t{0});
    std::sort(order.begin(), order.end());
    CHECK(order == all);
  }
  CHECK(RandomOrder(50, 1) != RandomOrder(50, 2));
}

TEST_CASE("a sample is the start of the random order, sorted", "[statistics]") {
  for (uint64_t count : {0, 1, 17, 99, 100, 200}) {
    std::vector<uint64_t> start = RandomOrder(100, 3);
    start.resize(std::min<uint64_t>(count, 100));
    std::sort(start.begin(), start.end());
    CHECK(SampleOf(100, count, 3) == start);
  }
}

TEST_CASE("every entry is drawn about as often as the others", "[statistics]") {
  std::vector<int> hits(20);
  for (uint64_t seed = 0; seed < 4000; ++seed) {
    for (uint64_t index : SampleOf(20, 5, seed)) ++hits[index];
  }
  // 1000 each on average, standard deviation 27.
  for (int hit : hits) CHECK(std::abs(hit - 1000) < 150);
}

TEST_CASE("the stop rule stops once the errors are small, and not before", "[statistics]") {
  StatsSettings settings;
  settings.channels = 1;
  settings.sample_seed = 1;
  settings.sampled_from = 5000;
  const auto stop_at = [&](double rel) {
    Totals totals(settings);
    StopRule rule(rel);
    for (uint32_t i = 0; i < 5000; ++i) {
      REQUIRE(totals.Add(MadePicture(4, 4, i, 256, 1)));
      if (rule.Reached(totals)) return totals.images();
    }
    return uint64_t{0};
  };
  const uint64_t loose = stop_at(0.05), tight = stop_at(0.02);
  CHECK(loose >= 30);
  CHECK(tight > 3 * loose);  // errors fall with the root of the count
  CHECK(tight < 5000);
  CHECK(stop_at(0.05) == loose);
  CHECK(stop_at(1e-9) == 0);  // looked at in steps, the end of the list need not be seen
}

TEST_CASE("95% intervals of samples hold the full answer about 95% of the time", "[statistics]") {
  constexpr uint32_t kEntries = 400, kDrawn = 60, kRepeats = 500;
  StatsSettings settings;
  settings.channels = 1;
  settings.scale = 1;
  std::vector<PictureSums> pictures;
  Totals full(settings);
  for (uint32_t i = 0; i < kEntries; ++i) {
    pictures.push_back(MadePicture(3 + int(i % 6), 4, i, 256, 1));
    REQUIRE(full.Add(pictures.back()));
  }
  const StatsValues truth = *ValuesOf(full);
  settings.sampled_from = kEntries;
  int mean_held = 0, std_held = 0;
  for (uint32_t seed = 0; seed < kRepeats; ++seed) {
    settings.sample_seed = seed;
    Totals sample(settings);
    for (uint64_t i : SampleOf(kEntries, kDrawn, seed)) REQUIRE(sample.Add(pictures[i]));
    const Summary numbers = Summarize(sample.moments(), settings, kDrawn);
    const auto mean = Interval95(numbers.mean[0], numbers.mean_error[0], kDrawn);
    const auto std = Interval95(numbers.std[0], numbers.std_error[0], kDrawn);
    mean_held += mean->first <= truth.mean[0] && truth.mean[0] <= mean->second;
    std_held += std->first <= truth.std[0] && truth.std[0] <= std->second;
  }
  INFO(mean_held << " and " << std_held << " of " << kRepeats);
  // 475 expected; the binomial standard deviation is 4.9.
  CHECK(mean_held > 455);
  CHECK(mean_held < 495);
  CHECK(std_held > 450);
  CHECK(std_held < 495);
}

TEST_CASE("Student's t has its tabulated values", "[statistics]") {
  CHECK(StudentT975(1) == Approx(12.7062).epsilon(1e-5));
  CHECK(StudentT975(9) == Approx(2.26216).epsilon(1e-5));
  CHECK(StudentT975(10) == Approx(2.22814).epsilon(1e-5));
  CHECK(StudentT975(30) == Approx(2.04227).epsilon(1e-5));
  CHECK(StudentT975(1000000) == Approx(1.959966).epsilon(1e-6));
}

}  // namespace imnorm
