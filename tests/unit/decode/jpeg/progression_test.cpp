// Progressive files against libjpeg-turbo over a grid of pictures that the test encodes itself.
#include "decode/jpeg/progression.h"

#include <catch2/catch.hpp>

#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

struct Sampling {
  int components, h, v;
};
constexpr Sampling kSamplings[] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};

// A recipe for progressive files of a sampling.
Recipe Progressive(const Sampling& s, int width, int height, Scans scans) {
  Recipe recipe;
  recipe.width = width;
  recipe.height = height;
  recipe.components = s.components;
  recipe.h = s.h;
  recipe.v = s.v;
  recipe.progressive = true;
  recipe.scans = scans;
  return recipe;
}

void CheckFast(jpeg::Decoder& decoder, const Recipe& r) {
  const Comparison found = Compare(decoder, Encode(r));
  if (found.fast && found.complaint.empty()) return;
  INFO("size " << r.width << "x" << r.height << " components " << r.components << " sampling "
               << r.h << "x" << r.v << " quality " << r.quality << " restart " << r.restart_interval
               << " scans " << int(r.scans) << " noise " << r.noise);
  CHECK(found.complaint == "");
  CHECK(found.fallback == "");
}

}  // namespace

TEST_CASE("every order of scans, quality and sampling decodes to libjpeg-turbo's bytes",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  uint32_t seed = 0;
  for (const Sampling& s : kSamplings) {
    for (const Scans scans : kAllScans) {
      for (int quality = 1; quality <= 100; quality += 9) {
        for (const int restart : {0, 1, 3, 7, 40}) {
          Recipe recipe = Progressive(s, 83, 61, scans);
          recipe.quality = quality;
          recipe.restart_interval = restart;
          recipe.seed = ++seed;
          CheckFast(decoder, recipe);
        }
      }
    }
  }
}

TEST_CASE("progressive files of every size from 1 x 1 to 40 x 40 decode to libjpeg-turbo's bytes",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (int width = s.h == 2 ? 5 : 1; width <= 40; ++width) {
      for (int height = 1; height <= 40; ++height) {
        Recipe recipe = Progressive(s, width, height, kAllScans[(width + 3 * height) % 6]);
        recipe.quality = 60 + (width * height) % 40;
        recipe.restart_interval = (width + height) % 4 == 0 ? 1 + height % 5 : 0;
        recipe.seed = uint32_t(width * 64 + height);
        CheckFast(decoder, recipe);
      }
    }
  }
}

TEST_CASE("large progressive files decode to libjpeg-turbo's bytes", "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const Scans scans : {Scans::kUsual, Scans::kLate}) {
      CheckFast(decoder, Progressive(s, 1531, 777, scans));
      Recipe wide = Progressive(s, 4099, 33, scans);
      wide.restart_interval = 100;
      CheckFast(decoder, wide);
      Recipe high = Progressive(s, 19, 3001, scans);
      high.quality = 98;
      CheckFast(decoder, high);
    }
  }
}

TEST_CASE("flat, noisy and high-contrast progressive files decode to libjpeg-turbo's bytes",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const Scans scans : kAllScans) {
      for (const int noise : {0, 4, 80, 255}) {
        for (const int quality : {5, 50, 85, 100}) {
          Recipe recipe = Progressive(s, 120, 90, scans);
          recipe.quality = quality;
          recipe.noise = noise;
          CheckFast(decoder, recipe);
        }
      }
    }
  }
}

TEST_CASE("ends of more than 32,767 blocks at once decode to libjpeg-turbo's bytes",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const Scans scans : {Scans::kUsual, Scans::kBands, Scans::kDeep}) {
      Recipe recipe = Progressive(s, 1500, 1700, scans);
      recipe.flat = true;
      CheckFast(decoder, recipe);
    }
  }
}

TEST_CASE("progressive data of many pieces decode to libjpeg-turbo's bytes",
          "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Scans scans : kAllScans) {
    Recipe recipe = Progressive(kSamplings[0], 700, 500, scans);
    recipe.quality = 100;
    recipe.noise = 255;
    CheckFast(decoder, recipe);
  }
}

TEST_CASE("progressive RGB files decode to libjpeg-turbo's bytes", "[jpeg][progressive]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    if (s.components == 1) continue;
    Recipe recipe = Progressive(s, 77, 50, Scans::kUsual);
    recipe.rgb = true;
    CheckFast(decoder, recipe);
  }
}

TEST_CASE("a decoder goes from any file to any other", "[jpeg][progressive]") {
  // Buffers and tables of the picture before must decide nothing.
  jpeg::Decoder decoder;
  int n = 0;
  for (const Scans scans : kAllScans) {
    for (const Sampling& s : kSamplings) {
      Recipe recipe = Progressive(s, 150 - 20 * (n % 7), 20 + 30 * (n % 5), scans);
      recipe.seed = uint32_t(++n);
      CheckFast(decoder, recipe);
      recipe.progressive = false;
      CheckFast(decoder, recipe);
    }
  }
}

}  // namespace imnorm::jpeg_judge
