// The decoder against libjpeg-turbo over a grid of pictures that the test encodes itself.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

struct Sampling {
  int components, h, v;
};
constexpr Sampling kSamplings[] = {{3, 1, 1}, {3, 2, 1}, {3, 1, 2}, {3, 2, 2}, {1, 1, 1}};

std::string Describe(const Recipe& r) {
  return "size " + std::to_string(r.width) + "x" + std::to_string(r.height) + " components " +
         std::to_string(r.components) + " sampling " + std::to_string(r.h) + "x" +
         std::to_string(r.v) + " quality " + std::to_string(r.quality) + " restart " +
         std::to_string(r.restart_interval) + " optimised " + std::to_string(r.optimize);
}

// Libjpeg repeats chroma this narrow instead of interpolating it, so such files are left to it.
bool Narrow(const Recipe& r) { return r.h == 2 && r.width <= 4; }

void CheckFast(jpeg::Decoder& decoder, const Recipe& recipe) {
  const Comparison found = Compare(decoder, Encode(recipe));
  if (found.fast && found.complaint.empty()) return;
  INFO(Describe(recipe));
  CHECK(found.complaint == "");
  CHECK(found.fallback == "");
}

}  // namespace

TEST_CASE("every quality, sampling and table kind decodes to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  uint32_t seed = 0;
  for (const Sampling& s : kSamplings) {
    for (int quality = 1; quality <= 100; quality += 7) {
      for (const bool optimize : {false, true}) {
        for (const int restart : {0, 1, 3, 7}) {
          CheckFast(decoder, {.width = 83,
                              .height = 61,
                              .components = s.components,
                              .h = s.h,
                              .v = s.v,
                              .quality = quality,
                              .restart_interval = restart,
                              .optimize = optimize,
                              .seed = ++seed});
        }
      }
    }
  }
}

TEST_CASE("every size from 1 x 1 to 40 x 40 decodes to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (int width = 1; width <= 40; ++width) {
      for (int height = 1; height <= 40; ++height) {
        const Recipe recipe{.width = width,
                            .height = height,
                            .components = s.components,
                            .h = s.h,
                            .v = s.v,
                            .quality = 70 + (width * height) % 30,
                            .seed = uint32_t(width * 64 + height)};
        if (!Narrow(recipe)) {
          CheckFast(decoder, recipe);
          continue;
        }
        const Comparison found = Compare(decoder, Encode(recipe));
        CHECK(found.complaint == "");
        CHECK(found.fallback == "very narrow chroma");
      }
    }
  }
}

TEST_CASE("large pictures decode to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    CheckFast(decoder, {.width = 1531,
                        .height = 777,
                        .components = s.components,
                        .h = s.h,
                        .v = s.v,
                        .quality = 92,
                        .seed = 5});
    CheckFast(decoder, {.width = 4099,
                        .height = 33,
                        .components = s.components,
                        .h = s.h,
                        .v = s.v,
                        .quality = 60,
                        .restart_interval = 100,
                        .seed = 6});
    CheckFast(decoder, {.width = 19,
                        .height = 3001,
                        .components = s.components,
                        .h = s.h,
                        .v = s.v,
                        .quality = 97,
                        .optimize = true,
                        .seed = 7});
  }
}

TEST_CASE("flat, noisy and high-contrast pictures decode to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const int noise : {0, 4, 80, 255}) {
      for (const int quality : {5, 50, 85, 95, 100}) {
        CheckFast(decoder, {.width = 120,
                            .height = 90,
                            .components = s.components,
                            .h = s.h,
                            .v = s.v,
                            .quality = quality,
                            .seed = uint32_t(noise + quality),
                            .noise = noise});
      }
    }
  }
}

TEST_CASE("RGB files decode to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    if (s.components == 1) continue;
    CheckFast(decoder, {.width = 77, .height = 50, .h = s.h, .v = s.v, .rgb = true, .seed = 3});
  }
}

TEST_CASE("quantisation tables of 16 bits decode to libjpeg-turbo's bytes", "[jpeg]") {
  jpeg::Decoder decoder;
  int fast = 0;
  for (int quality = 1; quality <= 25; ++quality) {
    const Comparison found = Compare(
        decoder, Encode({.width = 64, .height = 64, .quality = quality, .baseline = false}));
    CHECK(found.complaint == "");
    fast += found.fast;
  }
  CHECK(fast >= 20);  // the coarsest may lie beyond the range in which all arithmetic agrees
}

TEST_CASE("arithmetic files are left to libjpeg-turbo", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const bool progressive : {false, true}) {
      const Recipe recipe{.width = 50,
                          .height = 40,
                          .components = s.components,
                          .h = s.h,
                          .v = s.v,
                          .progressive = progressive,
                          .arithmetic = true};
      CHECK(Compare(decoder, Encode(recipe)).fallback == "arithmetic coding");
    }
  }
}

TEST_CASE("one channel of a colour file is Pillow's grey of its RGB", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const Sampling& s : kSamplings) {
    for (const bool rgb : {false, true}) {
      if (rgb && s.components == 1) continue;
      const auto bytes = Encode({.width = 91,
                                 .height = 37,
                                 .components = s.components,
                                 .h = s.h,
                                 .v = s.v,
                                 .rgb = rgb,
                                 .noise = 60});
      const Verdict verdict = Judge(bytes);
      PictureConsumer consumer;
      REQUIRE(decoder.Decode(bytes, 1, kManyPixels, consumer).done);
      REQUIRE(consumer.complete());
      REQUIRE(consumer.info.channels == 1);
      bool equal = true;
      for (size_t i = 0; i < consumer.picture.pixels.size(); ++i) {
        const uint8_t* p = verdict.picture.pixels.data() + 3 * i;
        const int gray = (19595 * p[0] + 38470 * p[1] + 7471 * p[2] + 32768) >> 16;
        equal = equal && consumer.picture.pixels[i] == gray;
      }
      CHECK(equal);
    }
  }
}

TEST_CASE("a picture over the pixel limit is left alone before the consumer hears of it",
          "[jpeg]") {
  jpeg::Decoder decoder;
  PictureConsumer consumer;
  const auto bytes = Encode({.width = 40, .height = 30});
  const auto refused = decoder.Decode(bytes, 3, 1199, consumer);
  CHECK_FALSE(refused.done);
  CHECK(refused.fallback == "more pixels than allowed");
  CHECK(consumer.info.width == 0);
  CHECK(decoder.Decode(bytes, 3, 1200, consumer).done);
}

TEST_CASE("an error of the consumer's Begin is final", "[jpeg]") {
  struct Refuses : RowConsumer {
    Result<Rect> Begin(const ImageInfo&) override {
      return Fail(ErrorCode::kTooLarge, "not this one");
    }
    void Rows(const uint8_t*, size_t, int, int) override { FAIL("rows without a window"); }
  } consumer;
  jpeg::Decoder decoder;
  const auto outcome = decoder.Decode(Encode({}), 3, kManyPixels, consumer);
  CHECK_FALSE(outcome.done);
  CHECK(outcome.fallback.empty());
  REQUIRE_FALSE(outcome.consumer);
  CHECK(outcome.consumer.error().message == "not this one");
}

TEST_CASE("a decoder that gave up on damage decodes the next file afresh", "[jpeg]") {
  jpeg::Decoder decoder;
  const Recipe recipe{.width = 70, .height = 50, .h = 2, .v = 2, .restart_interval = 2};
  const auto sound = Encode(recipe);
  for (size_t cut = 1; cut < sound.size(); cut += 13) {
    const Comparison damaged = Compare(decoder, {sound.data(), cut});
    CHECK_FALSE(damaged.fast);
    const Comparison after = Compare(decoder, sound);
    CHECK((after.fast && after.complaint.empty()));
  }
}

}  // namespace imnorm::jpeg_judge
