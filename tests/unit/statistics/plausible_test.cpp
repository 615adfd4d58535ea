// Sums that no pictures have.
#include <catch2/catch.hpp>
#include <functional>
#include <random>
#include <string>

#include "statistics/moments.h"
#include "statistics/plausible_totals.h"
#include "statistics/totals_access.h"
#include "unit/statistics/made_totals.h"

namespace imnorm {
namespace {

// What is wrong with changed totals; a file of them could have printed numbers and a checksum that
// follow from them.
std::string RefusalOf(const std::string& of, const std::function<void(Totals*)>& change) {
  Totals totals = MadeTotalsOf(of);
  change(&totals);
  return ImplausibleTotals(totals);
}

std::string RefusalOfSums(const std::string& of, const std::function<void(GroupMoments*)>& change) {
  return RefusalOf(of, [&](Totals* totals) { change(&TotalsAccess::moments(*totals)); });
}

ExactSum Times(const ExactSum& sum, uint64_t factor) {
  ExactSum out;
  for (uint64_t bit = 0; bit < 64; ++bit) {
    if ((factor >> bit & 1) == 0) continue;
    ExactSum part = sum;
    for (uint64_t i = 0; i < bit; ++i) part.Add(ExactSum(part));
    out.Add(part);
  }
  return out;
}

ExactSum Negated(const ExactSum& sum) {
  ExactSum out;
  const ExactSum::Digits digits = sum.ToDigits();
  for (size_t i = 0; i < digits.magnitude.size(); ++i) {
    out.AddScaled(0, digits.magnitude[i], 32 * (digits.first_digit + int(i)), !digits.negative);
  }
  return out;
}

void CheckNames(const std::string& message, std::string_view member) {
  INFO(message);
  CHECK(message.find("\"" + std::string(member) + "\"") != std::string::npos);
}

// A set of pictures such as nobody would think of, but that could be.
Totals RandomTotals(uint32_t seed) {
  std::mt19937 random(seed);
  StatsSettings settings;
  settings.list_hash = "abc";
  settings.list_entries = 1 + random() % 12;
  settings.ddof = int(random() % 2);
  settings.weight = PixelWeight(random() % 2);
  settings.std_of = StdOf(random() % 2);
  settings.per_class = random() % 2 == 0;
  settings.samples = SampleKind(random() % 3);
  settings.histogram = settings.samples == SampleKind::kU8 && random() % 2 == 0;
  settings.scale = random() % 3 == 0 ? 0.1 : 255;
  const bool floats = settings.samples == SampleKind::kFloat;
  settings.channels = floats || random() % 3 == 0 ? 1 : random() % 3 == 0 ? 4 : 3;
  settings.channel_order = settings.channels == 3 ? "rgb" : "native";
  const bool alike = random() % 3 == 0, few = random() % 3 == 0, copies = random() % 4 == 0;
  const double exponent = std::array{1.0, 1e150, 1e-300, 1e-160, 3e38}[random() % 5];
  const double offset = random() % 3 == 0 ? 1e9 : 0;
  Totals totals(settings);
  for (uint32_t i = 0; i < settings.list_entries; ++i) {
    const std::string name(1, char('a' + random() % 3));
    if (random() % 10 == 0) {
      totals.AddFailure(i, "x", "made so");
      continue;
    }
    if (floats) {
      std::vector<double> values(alike ? 5 : 1 + random() % 9);
      for (double& value : values) {
        value = (double(random() % (few ? 2 : 1 << 20)) - 1000 + offset) * exponent / 1e9;
        if (random() % 30 == 0) value = 0.0 / 0.0;
      }
      REQUIRE(totals.Add(FloatSumsOf(values), i, "x", name));
      continue;
    }
    const bool wide = settings.samples == SampleKind::kU16 && random() % 2 == 0;
    const uint32_t levels = wide ? 65536 : 256;
    const int width = alike ? 4 : 1 + int(random() % 6), height = alike ? 3 : 1 + int(random() % 4);
    std::vector<uint32_t> samples(size_t(width * height * settings.channels));
    const uint32_t base = random() % levels, range = few ? 1 : 1 + random() % levels;
    for (uint32_t& sample : samples)
      sample = std::min(levels - 1, base + uint32_t(random() % range));
    for (size_t c = 0; copies && c < samples.size(); ++c) {
      samples[c] = samples[c - c % size_t(settings.channels)];
    }
    if (random() % 8 == 0)
      samples.resize(samples.size() / 2 / size_t(settings.channels) * size_t(settings.channels));
    PictureSums picture = SumsOf(width, height, settings.channels, int(levels), samples);
    REQUIRE(totals.Add(picture, name));
  }
  return totals;
}

}  // namespace

TEST_CASE("whatever pictures a run measures, its file is read back", "[statistics]") {
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    const std::string text = StatsToJson(RandomTotals(seed));
    const Result<Totals> back = ParseStats(text);
    INFO(seed << ": " << (back ? "" : back.error().message));
    REQUIRE(back);
    CHECK((StatsToJson(*back) == text));
  }
}

TEST_CASE("a sum negated or times 1000 is refused by its name", "[statistics]") {
  for (const auto& [of, made] : MadeTotals()) {
    if (of == "empty" || of == "16-bit") continue;
    const bool by_image = made.settings().weight == PixelWeight::kImage;
    for (const NamedSum& named : kChannelSums) {
      if (named.only_by_image && !by_image) continue;
      for (const bool negate : {true, false}) {
        const std::string message = RefusalOfSums(of, [&](GroupMoments* moments) {
          ExactSum& sum = moments->channels.back().*named.member;
          sum = negate ? Negated(sum) : Times(sum, 1000);
        });
        INFO(of << " " << named.key << (negate ? " negated" : " times 1000"));
        CheckNames(message, named.key);
      }
    }
  }
}

TEST_CASE("products of channels beyond what the channels allow are refused", "[statistics]") {
  for (const char* of : {"plain", "masked", "by image", "tensor", "everything"}) {
    for (const bool negate : {true, false}) {
      const auto change = [&](std::vector<ExactSum>* sums) {
        sums->back() = negate ? Negated(sums->back()) : Times(sums->back(), 2);
      };
      CheckNames(RefusalOfSums(of, [&](GroupMoments* sums) { change(&sums->cross); }), "cross");
      if (MadeTotalsOf(of).settings().weight != PixelWeight::kImage) continue;
      CheckNames(RefusalOfSums(of, [&](GroupMoments* sums) { change(&sums->image_cross); }),
                 "image_cross");
    }
  }
}

TEST_CASE("extremes beyond the samples' type or on the wrong side are refused", "[statistics]") {
  for (const char* of : {"plain", "everything", "bands without products"}) {
    for (const double value : {256.0, 0x1p32, 1.5, -1.0}) {
      CheckNames(RefusalOfSums(of, [&](auto* sums) { sums->channels[0].max = value; }), "max");
    }
    CheckNames(RefusalOfSums(of, [](auto* sums) { sums->channels[1].min = -1; }), "min");
    CheckNames(RefusalOfSums(of, [](auto* sums) { sums->channels[1].min = 255; }), "min");
  }
  CheckNames(RefusalOfSums("16-bit", [](auto* sums) { sums->channels[0].max = 65536; }), "max");
  CheckNames(RefusalOfSums("floats", [](auto* sums) { sums->channels[0].min = 2e6; }), "min");
  CheckNames(RefusalOfSums("floats", [](auto* sums) { sums->channels[0].max = 0; }), "max");
}

TEST_CASE("integer sums that are a little off are refused for being odd or uneven",
          "[statistics]") {
  for (const char* of : {"plain", "masked", "shard", "tensor"}) {
    const auto add_one = [&](ExactSum ChannelMoments::*member) {
      return RefusalOfSums(of, [&](auto* sums) { (sums->channels[0].*member).Add(uint64_t{1}); });
    };
    CheckNames(add_one(&ChannelMoments::sum), "sum");
    CheckNames(add_one(&ChannelMoments::sum_squares), "sum_squares");
    CheckNames(RefusalOfSums(of, [](auto* sums) { sums->weight_squares.Add(uint64_t{1}); }),
               "weight_squares");
    CheckNames(RefusalOfSums(of, [](auto* sums) { sums->channels[0].sum.Add(0.5); }), "sum");
  }
}

TEST_CASE("counts that do not add up are refused", "[statistics]") {
  for (const auto& [of, made] : MadeTotals()) {
    if (of == "empty" || of == "16-bit") continue;
    INFO(of);
    const auto counts = [&of = of](const std::function<void(GroupMoments*)>& change) {
      return RefusalOfSums(of, change);
    };
    CheckNames(counts([](auto* sums) { sums->images = uint64_t{1} << 63; }), "images");
    CheckNames(counts([](auto* sums) { --sums->images; }), "images");
    CheckNames(counts([](auto* sums) { sums->measured = sums->images + 1; }), "measured");
    CheckNames(counts([](auto* sums) { sums->measured = 0; }), "measured");
    CheckNames(counts([](auto* sums) { sums->pixels = Times(sums->pixels, 10); }), "pixels");
    CheckNames(counts([](auto* sums) { sums->pixels = Negated(sums->pixels); }), "pixels");
    CheckNames(counts([](auto* sums) { sums->pixels.Add(0.5); }), "pixels");
    const auto sizes = [&of = of](const std::function<void(SizeCounts*)>& change) {
      return RefusalOf(of, [&](Totals* totals) { change(&TotalsAccess::sizes(*totals)); });
    };
    CheckNames(sizes([](auto* all) { all->widths.begin()->second = ~uint64_t{0}; }), "widths");
    CheckNames(sizes([](auto* all) { ++all->heights.begin()->second; }), "heights");
    CheckNames(sizes([](auto* all) { all->heights[0] = 0; }), "heights");
    CheckNames(sizes([](auto* all) { all->log2_pixels[62] = 1; }), "log2_pixels");
    CheckNames(sizes([](auto* all) { ++all->pairs.begin()->second; }), "sizes");
    CheckNames(sizes([](auto* all) {
                 all->pairs.clear();
                 all->pairs_given_up = true;
               }),
               "sizes");
    CheckNames(RefusalOf(of, [](Totals* totals) { totals->AddFailure(5, "x", "invented"); }),
               "failed");
    CheckNames(
        RefusalOf(
            of, [](Totals* totals) { TotalsAccess::notes(*totals).of[0] = totals->images() + 1; }),
        "notes");
  }
}

TEST_CASE("a failure that is none of the shard's inputs, or two of one, are refused",
          "[statistics]") {
  const auto with = [](uint64_t index) {
    return RefusalOf("shard",
                     [&](Totals* totals) { TotalsAccess::failed(*totals)[0].index = index; });
  };
  CHECK(with(1).empty());
  CHECK(with(7).empty());
  for (const uint64_t index : {3, 5, 8, 9}) CheckNames(with(index), "failed");
  // Every input belongs to one shard, whatever the numbers.
  for (int count = 1; count < 12; ++count) {
    StatsSettings settings;
    settings.list_hash = "abc";
    settings.list_entries = 7;
    std::vector<Totals> shards;
    for (int i = 1; i <= count; ++i) {
      shards.emplace_back(settings, ShardSet{count, {i}});
      const uint64_t end = 7 * uint64_t(i) / uint64_t(count);
      for (uint64_t at = 7 * uint64_t(i - 1) / uint64_t(count); at < end; ++at) {
        shards.back().AddFailure(at, "x", "made so");
      }
      INFO(i << "/" << count);
      CHECK(ImplausibleTotals(shards.back()).empty());
    }
  }
}

TEST_CASE("a histogram that is not of the sums is refused", "[statistics]") {
  for (const char* of : {"everything", "by image", "16-bit"}) {
    const auto with = [&](const std::function<void(std::vector<uint64_t>*)>& change) {
      return RefusalOfSums(of, [&](auto* sums) { change(&sums->channels[1].histogram); });
    };
    CheckNames(with([](auto* counts) { ++(*counts)[3]; }), "histogram");
    CheckNames(with([](auto* counts) { std::reverse(counts->begin(), counts->end()); }),
               "histogram");
    CheckNames(with([](auto* counts) { counts->assign(counts->size(), 0); }), "histogram");
  }
}

TEST_CASE("classes that are not the whole are refused", "[statistics]") {
  for (const char* of : {"everything", "by image", "int16", "floats by image"}) {
    const auto with = [&](const std::function<void(GroupMoments*)>& change) {
      return RefusalOf(of, [&](Totals* totals) {
        change(&TotalsAccess::ClassOf(*totals, totals->classes().begin()->first));
      });
    };
    INFO(of);
    CheckNames(with([](auto* sums) { ++sums->images; }), "per_class");
    CheckNames(with([](auto* sums) { sums->images = 0; }), "per_class");
    for (const NamedSum& named : kChannelSums) {
      if (named.only_by_image) continue;
      CheckNames(with([&](auto* sums) {
                   ExactSum& sum = sums->channels[0].*named.member;
                   sum = Times(sum, 3);
                 }),
                 "per_class");
    }
    CheckNames(RefusalOf(of, [](Totals* totals) { TotalsAccess::ClassOf(*totals, "new"); }),
               "per_class");
  }
}

TEST_CASE("what was left out of floats adds up", "[statistics]") {
  const auto with = [](const std::function<void(NonfiniteCounts*)>& change) {
    return RefusalOf("floats", [&](Totals* totals) { change(&TotalsAccess::nonfinite(*totals)); });
  };
  CHECK(with([](auto*) {}).empty());
  CheckNames(with([](auto* counts) { counts->inputs = 100; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->inputs = 0; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->pixels = ~uint64_t{0}; }), "nonfinite");
  CheckNames(with([](auto* counts) { ++counts->pixels; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->nan[0] = 0; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->positive_infinity[0] = ~uint64_t{0}; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->first.pop_back(); }), "nonfinite");
  CheckNames(with([](auto* counts) { ++counts->first[1].pixels; }), "nonfinite");
  CheckNames(with([](auto* counts) { counts->first[1].index = counts->first[0].index; }),
             "nonfinite");
  CheckNames(with([](auto* counts) { counts->first[2].index = 6; }), "nonfinite");
}

}  // namespace imnorm
