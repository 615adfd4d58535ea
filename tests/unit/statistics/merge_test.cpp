#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "unit/statistics/made_pictures.h"

namespace imnorm {
namespace {

constexpr uint64_t kEntries = 61;

StatsSettings Settings(SampleKind samples) {
  StatsSettings out;
  out.samples = samples;
  out.channels = samples == SampleKind::kFloat ? 1 : 3;
  if (samples == SampleKind::kFloat) out.channel_order = "native";
  out.scale = samples == SampleKind::kU8 ? 255 : samples == SampleKind::kU16 ? 65535 : 1;
  out.histogram = samples != SampleKind::kFloat;
  if (out.histogram) out.percentiles = {1, 50, 99.5};
  out.per_class = true;
  out.list_hash = "abc";
  out.list_entries = kEntries;
  out.plan = "{\"resize\": 256}";
  return out;
}

// Entry i of a made list: some fail, one holds NaN, one counts no pixel.
void AddEntry(uint64_t i, Totals* totals) {
  const std::string path = "d/" + std::to_string(i), name = i % 3 == 0 ? "cat" : "dog";
  if (i % 9 == 4) {
    totals->AddFailure(i, path, "corrupt: made so");
    return;
  }
  if (totals->settings().samples == SampleKind::kFloat) {
    std::mt19937_64 random(i);
    std::vector<double> values(1 + i % 5);
    for (double& value : values) value = i % 2 == 0 ? 1e16 * double(random() % 3) : 1e-3;
    if (i == 20 || i == 50) values[0] = std::numeric_limits<double>::quiet_NaN();
    REQUIRE(totals->Add(FloatSumsOf(values), i, path, name));
    return;
  }
  const int levels = totals->settings().samples == SampleKind::kU16 && i % 2 == 0 ? 65536 : 256;
  PictureSums picture = MadePicture(2 + int(i % 7), 3, uint32_t(i), levels);
  if (i == 7) picture = SumsOf(2, 2, 3, 256, {});
  REQUIRE(totals->Add(picture, name));
}

Totals Shard(const StatsSettings& settings, int index, int count) {
  Totals out(settings, ShardSet{count, {index}});
  const uint64_t from = kEntries * uint64_t(index - 1) / uint64_t(count);
  const uint64_t to = kEntries * uint64_t(index) / uint64_t(count);
  for (uint64_t i = from; i < to; ++i) AddEntry(i, &out);
  return out;
}

// As it comes back from a file.
Totals Reread(const Totals& totals) {
  const Result<Totals> back = ParseStats(StatsToJson(totals));
  INFO((back ? "" : back.error().message));
  REQUIRE(back);
  return *back;
}

}  // namespace

TEST_CASE("merged shards give the bytes of the unsharded run", "[statistics]") {
  StatsSettings settings =
      Settings(GENERATE(SampleKind::kU8, SampleKind::kU16, SampleKind::kFloat));
  settings.weight = GENERATE(PixelWeight::kPixel, PixelWeight::kImage);
  settings.std_of = settings.weight == PixelWeight::kImage ? StdOf::kImageMean : StdOf::kPooled;
  const std::string whole = StatsToJson(Shard(settings, 1, 1));
  std::mt19937 random(1);
  for (int count : {2, 3, 5, 17}) {
    std::vector<Totals> parts;
    for (int i = 1; i <= count; ++i) parts.push_back(Reread(Shard(settings, i, count)));
    std::shuffle(parts.begin(), parts.end(), random);
    const Result<Totals> merged = MergeStats(std::move(parts));
    REQUIRE(merged);
    CHECK((StatsToJson(*merged) == whole));
  }
}

TEST_CASE("some shards merged now and the rest later give the same bytes", "[statistics]") {
  const StatsSettings settings = Settings(SampleKind::kU8);
  const Result<Totals> early =
      MergeStats({Shard(settings, 3, 4), Shard(settings, 1, 4)}, /*allow_missing=*/true);
  REQUIRE(early);
  CHECK(early->shards() == ShardSet{4, {1, 3}});
  const Result<Totals> all =
      MergeStats({Shard(settings, 4, 4), Reread(*early), Shard(settings, 2, 4)});
  REQUIRE(all);
  CHECK((StatsToJson(*all) == StatsToJson(Shard(settings, 1, 1))));
}

TEST_CASE("a shard without pictures merges", "[statistics]") {
  StatsSettings settings = Settings(SampleKind::kU8);
  settings.list_entries = 1;
  Totals empty(settings, ShardSet{2, {1}}), full(settings, ShardSet{2, {2}}), whole(settings);
  AddEntry(0, &full);
  AddEntry(0, &whole);
  const Result<Totals> merged = MergeStats({Reread(empty), Reread(full)});
  REQUIRE(merged);
  CHECK((StatsToJson(*merged) == StatsToJson(whole)));
}

TEST_CASE("a missing shard is named, and two", "[statistics]") {
  const StatsSettings settings = Settings(SampleKind::kU8);
  const Result<Totals> one = MergeStats({Shard(settings, 1, 3), Shard(settings, 3, 3)});
  REQUIRE_FALSE(one);
  CHECK(one.error().message.find("missing shard 2 of 3") == 0);
  const Result<Totals> two = MergeStats({Shard(settings, 2, 3)});
  REQUIRE_FALSE(two);
  CHECK(two.error().message.find("missing shards 1, 3 of 3") == 0);
  CHECK(two.error().setting == "merge.allow_missing");
}

TEST_CASE("a shard that comes twice is named", "[statistics]") {
  const StatsSettings settings = Settings(SampleKind::kU8);
  const Result<Totals> merged = MergeStats(
      {Shard(settings, 1, 2), Shard(settings, 2, 2), Shard(settings, 2, 2)}, GENERATE(false, true));
  REQUIRE_FALSE(merged);
  CHECK(merged.error().message == "shard 2/2 comes twice");
}

TEST_CASE("shards of different runs are refused, saying what differs", "[statistics]") {
  const StatsSettings settings = Settings(SampleKind::kU8);
  const auto refusal = [&](auto change) {
    StatsSettings other = settings;
    change(&other);
    const Result<Totals> merged = MergeStats({Shard(settings, 1, 2), Shard(other, 2, 2)});
    REQUIRE_FALSE(merged);
    CHECK(merged.error().code == ErrorCode::kBadArgument);
    return merged.error().message;
  };
  const auto says = [](const std::string& message, const char* what) {
    INFO(message);
    CHECK(message.find(what) != std::string::npos);
  };
  says(refusal([](auto* s) { s->list_hash = "xyz"; }), "input lists: abc with 61 entries and xyz");
  says(refusal([](auto* s) { s->plan = "{\"resize\": 224}"; }), "plans");
  says(refusal([](auto* s) { s->pixels_are = "resize 256"; }), "pixels: native and resize 256");
  says(refusal([](auto* s) { s->ddof = 1; }), "ddof: 0 and 1");
  says(refusal([](auto* s) { s->scale = 1; }), "scale: 255 and 1");
  says(refusal([](auto* s) { s->channel_order = "bgr"; }), "channels: 3 rgb and 3 bgr");
  says(refusal([](auto* s) { s->weight = PixelWeight::kImage; }), "weight: pixel and image");
  says(refusal([](auto* s) { s->std_of = StdOf::kImageMean; }), "std-of: pooled and image-mean");
  says(refusal([](auto* s) { s->histogram = false; }), "histogram: yes and no");
  says(refusal([](auto* s) { s->percentiles = {2}; }),
       "percentiles: 1,5,25,50,75,95,99,99.5 and 1,2,5,");
  says(refusal([](auto* s) { s->per_class = false; }), "per-class: yes and no");
  says(refusal([](auto* s) { s->sample_seed = 3; }), "sampled: no and from 0 with seed 3");
  const Result<Totals> counts = MergeStats({Shard(settings, 1, 2), Shard(settings, 2, 3)});
  REQUIRE_FALSE(counts);
  says(counts.error().message, "one in 2 shards, one in 3");
  CHECK_FALSE(MergeStats({}));
}

TEST_CASE("plans that differ in white space only are equal", "[statistics]") {
  StatsSettings settings = Settings(SampleKind::kU8), other = settings;
  other.plan = "{\n  \"resize\": 256\n}\n";
  CHECK(MergeStats({Shard(settings, 1, 2), Shard(other, 2, 2)}));
}

}  // namespace imnorm
