// Options of measures -> what is measured.
#include "cli/groups/measures.h"

#include <catch2/catch.hpp>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

Result<StatsOptions> Measures(Words words, bool sharded = false) {
  return ResolveMeasures(ParseGroup<MeasureArguments>(AddMeasures, std::move(words)).arguments,
                         sharded, false);
}

}  // namespace

TEST_CASE("what is measured is as the options say", "[cli]") {
  CHECK(!Measures({})->numbers.histogram);
  const auto stats = Measures({"--percentiles", "--weight", "image", "--ignore-value", "0,nan"});
  REQUIRE(stats);
  CHECK(stats->numbers.histogram);
  CHECK(stats->numbers.percentiles.size() == 7);
  CHECK(stats->numbers.weight == PixelWeight::kImage);
  CHECK(stats->filter.ignore_values.size() == 2);
  for (const Words& words :
       {Words{"--weight", "row"}, Words{"--std-of", "x"}, Words{"--ddof", "2"},
        Words{"--scale", "0"}, Words{"--percentiles", "101"}, Words{"--ignore-value", "x"},
        Words{"--per-image", "-"}, Words{"--sample", "0"}, Words{"--until", "1"},
        Words{"--mask-dir", "/no/such"}}) {
    CAPTURE(words[0]);
    CHECK_THAT(Complaint(Measures(words)), Catch::StartsWith(words[0]));
  }
  CHECK_THAT(Complaint(Measures({"--until", "0.1", "--sample", "3"})), Catch::Contains("--sample"));
  CHECK_THAT(Complaint(Measures({"--until", "0.1"}, /*sharded=*/true)), Catch::Contains("--shard"));
}

}  // namespace imnorm::cli
