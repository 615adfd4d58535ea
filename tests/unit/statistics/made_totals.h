// Totals of every kind that is written, each as a run could have made them.
#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "unit/statistics/made_pictures.h"

namespace imnorm {

// Pictures 0 .. 7 of the list are measured, in the classes a and b, and the ninth fails.
inline Totals FilledTotals(const StatsSettings& settings, int levels = 256) {
  Totals totals(settings);
  for (uint32_t i = 0; i < 8; ++i) {
    REQUIRE(
        totals.Add(MadePicture(2 + int(i), 3, i, levels, settings.channels), i % 2 ? "a" : "b"));
  }
  totals.AddFailure(8, "bad\xff", "made so");
  totals.AddNotes(NoteSet());
  return totals;
}

inline std::vector<std::pair<std::string, Totals>> MadeTotals() {
  std::vector<std::pair<std::string, Totals>> out;
  const auto add = [&](const char* name, Totals totals) {
    out.emplace_back(name, std::move(totals));
  };
  StatsSettings settings;
  settings.list_hash = "abc";
  settings.list_entries = 9;
  add("plain", FilledTotals(settings));
  StatsSettings none = settings;
  none.list_entries = 0;
  add("empty", Totals(none));

  Totals shard(settings, ShardSet{3, {1, 3}});
  for (uint32_t i : {0u, 2u, 6u, 7u}) REQUIRE(shard.Add(MadePicture(4, 4, i)));
  shard.AddFailure(1, "one.jpg", "corrupt: made so");
  shard.AddFailure(8, "eight.jpg", "corrupt: made so");
  add("shard", shard);

  // Of every picture a part counts, and of one nothing does.
  Totals masked(settings);
  for (uint32_t i = 0; i < 9; ++i) {
    PictureSums picture = i == 4 ? SumsOf(8, 8, 3, 256, {}) : MadePicture(3 + int(i % 4), 2, i);
    picture.width = picture.height = 8;
    REQUIRE(masked.Add(picture));
  }
  add("masked", masked);

  settings.sample_seed = 5;
  settings.sampled_from = 100;
  settings.plan = "{\"resize\": 256}";
  settings.pixels_are = "resize 256";
  settings.histogram = true;
  settings.percentiles = {0, 50, 99.9};
  settings.per_class = true;
  add("everything", FilledTotals(settings));
  settings.weight = PixelWeight::kImage;
  settings.std_of = StdOf::kImageMean;
  settings.ddof = 1;
  settings.plan = "in words";
  add("by image", FilledTotals(settings));
  settings.samples = SampleKind::kU16;
  settings.scale = 65535;
  add("16-bit", FilledTotals(settings, 65536));

  settings = {};
  settings.list_hash = "abc";
  settings.list_entries = 9;
  settings.cross = false;
  settings.channels = 5;
  settings.channel_order = "native";
  add("bands without products", FilledTotals(settings));

  // Samples of a tensor are alike in size.
  settings.cross = true;
  settings.list_entries = 12;
  Totals tensor(settings);
  for (uint32_t i = 0; i < 12; ++i) REQUIRE(tensor.Add(MadePicture(5, 4, i, 256, 5)));
  add("tensor", tensor);

  settings = {};
  settings.list_hash = "abc";
  settings.list_entries = 6;
  settings.samples = SampleKind::kFloat;
  settings.channels = 1;
  settings.scale = 1;
  settings.channel_order = "native";
  Totals floats(settings);
  REQUIRE(floats.Add(FloatSumsOf({0.25, 1.5, 3e-5}), 0, "0.npy"));
  REQUIRE(floats.Add(FloatSumsOf({0.1, 0.2, 0.7, 2}), 1, "1.npy"));
  REQUIRE(floats.Add(FloatSumsOf({-7.125}), 2, "2.npy"));
  REQUIRE(floats.Add(FloatSumsOf({1e6, 1e-3, 0.0 / 0.0}), 3, "a\xff.npy"));
  REQUIRE(floats.Add(FloatSumsOf({-0.5, 1.0 / 0.0}), 4, "b.npy"));
  REQUIRE(floats.Add(FloatSumsOf({0.5, -1.0 / 0.0, 0.0 / 0.0}), 5, "c.npy"));
  add("floats", floats);

  // Bands of signed 16-bit integers are measured as floats.
  settings.per_class = true;
  settings.ddof = 1;
  Totals signed_bands(settings);
  for (uint64_t i = 0; i < 6; ++i) {
    std::mt19937 random{uint32_t(i)};
    std::vector<double> values(6 + i);
    for (double& value : values) value = double(random() % 65536) - 32768;
    REQUIRE(signed_bands.Add(FloatSumsOf(values), i, "b.tif", i < 2 ? "x" : "y"));
  }
  add("int16", signed_bands);
  settings.weight = PixelWeight::kImage;
  Totals floats_by_image(settings);
  for (uint64_t i = 0; i < 6; ++i) {
    std::mt19937 random{uint32_t(i)};
    std::vector<double> values(1 + i);
    for (double& value : values) value = double(random()) / 4e9 - 0.5;
    REQUIRE(floats_by_image.Add(FloatSumsOf(values), i, "b.tif", i < 2 ? "x" : "y"));
  }
  add("floats by image", floats_by_image);
  return out;
}

inline Totals MadeTotalsOf(std::string_view name) {
  for (auto& [of, totals] : MadeTotals()) {
    if (of == name) return totals;
  }
  FAIL("no totals are called " << name);
  throw 0;  // never reached
}

}  // namespace imnorm
