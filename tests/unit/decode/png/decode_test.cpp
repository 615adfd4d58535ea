// The decoder against libspng over a grid of pictures that the test makes itself.
#include <catch2/catch.hpp>
#include <string>

#include "support/png_compare.h"
#include "support/png_files.h"
#include "unit/decode/files.h"

namespace imnorm {
namespace {

using png_compare::Compare;
using png_compare::Comparison;
using png_compare::OptionsNumber;
using png_files::File;
using png_files::Recipe;

constexpr int kColors[] = {0, 2, 3, 4, 6};
constexpr int kDepths[] = {1, 2, 4, 8, 16};

template <typename Body>
void ForEachKind(Body body) {
  for (const int color : kColors) {
    for (const int depth : kDepths) {
      if (png_files::KindExists(color, depth)) body(color, depth);
    }
  }
}

std::string Describe(const Recipe& r) {
  return "size " + std::to_string(r.width) + "x" + std::to_string(r.height) + " color " +
         std::to_string(r.color) + " depth " + std::to_string(r.depth) + " filter " +
         std::to_string(r.filter) + " level " + std::to_string(r.level) + " strategy " +
         std::to_string(r.strategy) + " interlaced " + std::to_string(r.interlaced) +
         " transparent " + std::to_string(r.transparent) + " seed " + std::to_string(r.seed);
}

void CheckOwn(Decoder& decoder, const Recipe& recipe, const DecodeOptions& options) {
  const Comparison found = Compare(decoder, png_files::Make(recipe), options);
  if (found.sound && found.own && found.complaint.empty()) return;
  INFO(Describe(recipe));
  CHECK(found.complaint == "");
  CHECK(found.fallback == "");
  CHECK(found.sound);
}

}  // namespace

TEST_CASE("every kind of PNG of every width and height from 1 to 40 decodes to libspng's bytes",
          "[png]") {
  Decoder decoder;
  int kind = 0;
  ForEachKind([&](int color, int depth) {
    ++kind;
    for (int width = 1; width <= 40; ++width) {
      // A quarter of all pairs, other ones for each kind.
      for (int height = 1 + (width + kind) % 4; height <= 40; height += 4) {
        CheckOwn(decoder,
                 {.width = width,
                  .height = height,
                  .color = color,
                  .depth = depth,
                  .level = 1 + (width + height) % 9,
                  .interlaced = (width + height) % 3 == 0,
                  .seed = uint32_t(width * 64 + height)},
                 OptionsNumber(unsigned(width * 40 + height)));
      }
    }
  });
}

TEST_CASE("every filter, level and strategy of deflate decodes to libspng's bytes", "[png]") {
  Decoder decoder;
  uint32_t seed = 0;
  ForEachKind([&](int color, int depth) {
    for (int filter = -1; filter <= 4; ++filter) {
      for (const int level : {0, 1, 4, 6, 9}) {
        for (int strategy = 0; strategy <= 4; ++strategy) {
          constexpr int kNoises[] = {0, 3, 200};
          ++seed;
          CheckOwn(decoder,
                   {.width = 83,
                    .height = 61,
                    .color = color,
                    .depth = depth,
                    .filter = filter,
                    .level = level,
                    .strategy = strategy,
                    .interlaced = seed % 5 == 0,
                    .seed = seed,
                    .noise = kNoises[seed % 3]},
                   OptionsNumber(seed));
        }
      }
    }
  });
}

TEST_CASE("palettes of any length and transparent colours decode to libspng's bytes", "[png]") {
  Decoder decoder;
  uint32_t seed = 0;
  for (unsigned options = 0; options < 36; ++options) {
    for (const int depth : {1, 2, 4, 8}) {
      for (int colors = 1; colors <= 1 << depth; colors += 1 + colors / 3) {
        for (const int transparent : {-1, 1, colors}) {
          CheckOwn(decoder,
                   {.width = 37,
                    .height = 11,
                    .color = 3,
                    .depth = depth,
                    .interlaced = colors % 4 == 0,
                    .colors = colors,
                    .transparent = transparent,
                    .seed = ++seed},
                   OptionsNumber(options));
        }
      }
    }
    for (const int color : {0, 2}) {
      for (const int depth : kDepths) {
        if (!png_files::KindExists(color, depth)) continue;
        for (const int transparent : {0, 1, (1 << depth) - 1}) {
          CheckOwn(decoder,
                   {.width = 37,
                    .height = 11,
                    .color = color,
                    .depth = depth,
                    .filter = int(options % 3) - 1,
                    .interlaced = options % 4 == 0,
                    .transparent = transparent,
                    .seed = ++seed,
                    .noise = int(options % 3)},
                   OptionsNumber(options));
        }
      }
    }
  }
}

TEST_CASE("large pictures decode to libspng's bytes, however their stream is cut into chunks",
          "[png]") {
  Decoder decoder;
  ForEachKind([&](int color, int depth) {
    const Recipe wide{.width = 9001, .height = 67, .color = color, .depth = depth, .seed = 5};
    Recipe tall = wide;
    tall.width = 57;
    tall.height = 5003;
    tall.filter = 4;
    for (Recipe recipe : {wide, tall}) {
      for (const size_t idat_bytes : {size_t{0}, size_t{8192}, size_t{100}}) {
        recipe.idat_bytes = idat_bytes;
        CheckOwn(decoder, recipe, OptionsNumber(unsigned(depth)));
      }
      recipe.interlaced = true;
      CheckOwn(decoder, recipe, OptionsNumber(unsigned(depth)));
    }
  });
}

TEST_CASE("a stream cut anywhere into chunks, empty ones too, decodes to libspng's bytes",
          "[png]") {
  Decoder decoder;
  for (size_t idat_bytes = 1; idat_bytes < 40; ++idat_bytes) {
    CheckOwn(decoder, {.width = 31, .height = 20, .idat_bytes = idat_bytes}, {});
  }
  const Recipe recipe{.width = 31, .height = 20};
  const File stream = png_files::Deflate(png_files::Rows(recipe));
  for (const size_t cut : {size_t{0}, size_t{1}, size_t{2}, stream.size() - 3, stream.size()}) {
    const File file = png_files::Join(
        {png_files::Signature(), png_files::Ihdr(recipe), png_files::Data({}),
         png_files::Data(File(stream.begin(), stream.begin() + ptrdiff_t(cut))),
         png_files::Data({}), png_files::Data(File(stream.begin() + ptrdiff_t(cut), stream.end())),
         png_files::Data({}), png_files::End()});
    const Comparison found = Compare(decoder, file, {});
    CHECK((found.own && found.complaint.empty()));
  }
}

TEST_CASE("a window of a PNG is that part of the whole, from either decoder", "[png]") {
  for (const bool interlaced : {false, true}) {
    const File file = png_files::Make({.width = 70, .height = 53, .interlaced = interlaced});
    for (const PngDecoder png : {PngDecoder::kAuto, PngDecoder::kSpng}) {
      DecodeOptions options;
      options.png = png;
      Decoder decoder;
      Image whole;
      REQUIRE(decoder.Decode(file, options, whole));
      testing::Collector part({11, 17, 40, 30});
      REQUIRE(decoder.Decode(file, options, part));
      bool equal = true;
      for (int y = 0; y < 30; ++y) {
        for (int i = 0; i < 40 * 3; ++i) {
          equal = equal && part.image.row(y)[i] == whole.row(y + 17)[11 * 3 + i];
        }
      }
      CHECK(equal);
    }
  }
}

TEST_CASE("a PNG over the pixel limit is refused before the consumer hears of it", "[png]") {
  Decoder decoder;
  testing::Collector collector;
  DecodeOptions options;
  options.max_pixels = 1199;
  const File file = png_files::Make({.width = 40, .height = 30});
  const auto refused = decoder.Decode(file, options, collector);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::kTooLarge);
  CHECK(collector.begun == 0);
  options.max_pixels = 1200;
  CHECK(decoder.Decode(file, options, collector));
}

TEST_CASE("an error of the consumer's Begin is final for a PNG", "[png]") {
  testing::Collector collector;
  collector.refuse = true;
  Decoder decoder;
  const auto report = decoder.Decode(png_files::Make({}), {}, collector);
  REQUIRE_FALSE(report);
  CHECK(report.error().message == "the consumer refuses");
  CHECK(collector.begun == 1);
}

TEST_CASE("a PNG that is told to end between its rows is cancelled and not begun again", "[png]") {
  struct Stops : testing::Collector {
    void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
      stop = true;
      testing::Collector::Rows(rows, stride_bytes, y, count);
    }
    bool stop = false;
  };
  for (const bool interlaced : {false, true}) {
    Stops collector;
    if (interlaced) collector.stop = true;
    DecodeOptions options;
    options.stop = [&collector] { return collector.stop; };
    Decoder decoder;
    const File file = png_files::Make({.width = 20, .height = 100, .interlaced = interlaced});
    const auto report = decoder.Decode(file, options, collector);
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::kCancelled);
    CHECK(collector.begun == 1);
  }
}

TEST_CASE("a decoder that gave up on a damaged PNG decodes the next one afresh", "[png]") {
  Decoder decoder;
  const Recipe recipe{.width = 70, .height = 50, .color = 3, .transparent = 9};
  const File sound = png_files::Make(recipe);
  for (size_t cut = 1; cut < sound.size() - 8; cut += 13) {
    CHECK_FALSE(Compare(decoder, {sound.data(), cut}, {}).sound);
    CHECK(Compare(decoder, sound, {}).own);
  }
  // A palette, transparency and colours of its own are nobody else's.
  CheckOwn(decoder, {.color = 3, .depth = 2, .colors = 2}, OptionsNumber(1));
  CheckOwn(decoder, {.color = 0, .depth = 2}, OptionsNumber(1));
}

TEST_CASE("what our own PNG decoder left to libspng is told in the report", "[png]") {
  Decoder decoder;
  Image image;
  const auto own = decoder.Decode(png_files::Make({.width = 33, .height = 17}), {}, image);
  REQUIRE(own);
  CHECK(own->fallback.empty());
  File longer = png_files::Rows({});
  longer.push_back(0);
  const auto left =
      decoder.Decode(png_files::MakeOfStream({}, png_files::Deflate(longer)), {}, image);
  REQUIRE(left);
  CHECK(left->fallback == "more bytes than pixels");
}

}  // namespace imnorm
