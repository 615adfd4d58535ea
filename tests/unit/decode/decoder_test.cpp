#include <catch2/catch.hpp>

#include "imnorm/decode.h"
#include "support/jpeg_segments.h"
#include "unit/decode/files.h"

namespace imnorm {
namespace {

using testing::Bytes;
using testing::Collector;

TEST_CASE("a window of a picture is that part of the whole, from either JPEG decoder", "[decode]") {
  for (bool progressive : {false, true}) {
    const Bytes file = testing::MakeJpeg(70, 53, progressive);
    for (JpegDecoder jpeg : {JpegDecoder::kAuto, JpegDecoder::kTurbo}) {
      DecodeOptions options;
      options.jpeg = jpeg;
      Decoder decoder;
      Image whole;
      REQUIRE(decoder.Decode(file, options, whole));
      Collector part({11, 17, 40, 30});
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

TEST_CASE("a consumer's refusal ends the decoding and comes back as it was", "[decode]") {
  Decoder decoder;
  for (const Bytes& file : {testing::MakeJpeg(20, 20), testing::MakeJpeg(20, 20, true),
                            testing::MakePnm(testing::MakeImage(5, 4, 3))}) {
    Collector collector;
    collector.refuse = true;
    const auto report = decoder.Decode(file, {}, collector);
    REQUIRE_FALSE(report);
    CHECK(report.error().code == ErrorCode::kCancelled);
    CHECK(collector.begun == 1);
  }
}

TEST_CASE("a decoder goes on after damage as if nothing had been", "[decode]") {
  const Bytes good = testing::MakeJpeg(90, 60, true);
  const Bytes cut(good.begin(), good.begin() + ptrdiff_t(good.size() / 2));
  Decoder decoder;
  Image first;
  REQUIRE(decoder.Decode(good, {}, first));
  for (int i = 0; i < 3; ++i) {
    Image image;
    const auto damaged = decoder.Decode(cut, {}, image);
    REQUIRE_FALSE(damaged);
    CHECK(damaged.error().code == ErrorCode::kCorrupt);
    REQUIRE(decoder.Decode(good, {}, image));
    CHECK(image.pixels == first.pixels);
  }
}

TEST_CASE("what our own JPEG decoder left to libjpeg-turbo is told in the report", "[decode]") {
  Decoder decoder;
  Image image;
  const auto baseline = decoder.Decode(testing::MakeJpeg(33, 17), {}, image);
  REQUIRE(baseline);
  CHECK(baseline->fallback.empty());
  auto cut = testing::MakeJpeg(33, 17, true);
  REQUIRE(decoder.Decode(cut, {}, image)->fallback.empty());
  jpeg_judge::Erase(cut, jpeg_judge::FindScan(cut, 3), cut.size() - 2);
  const auto left = decoder.Decode(cut, {}, image);
  REQUIRE(left);
  CHECK(left->fallback == "scans missing");
}

TEST_CASE("a progressive JPEG has the same notes whoever decodes it", "[decode]") {
  Decoder decoder;
  const auto whole = testing::MakeJpeg(33, 17, true);
  auto cut = whole;
  jpeg_judge::Erase(cut, jpeg_judge::FindScan(cut, 3), cut.size() - 2);
  for (const JpegDecoder kind : {JpegDecoder::kAuto, JpegDecoder::kTurbo}) {
    DecodeOptions options;
    options.jpeg = kind;
    Image image;
    CHECK(decoder.Decode(whole, options, image)->notes.empty());
    const auto report = decoder.Decode(cut, options, image);
    REQUIRE(report->notes.size() == 1);
    CHECK(report->notes.front().kind == NoteKind::kScansMissing);
  }
}

TEST_CASE("a PNM gives its own samples", "[decode]") {
  const Image stored = testing::MakeImage(13, 7, 3);
  Decoder decoder;
  Image image;
  const auto report = decoder.Decode(testing::MakePnm(stored), {}, image);
  REQUIRE(report);
  CHECK(report->picture.format == "pnm");
  CHECK(image.pixels == stored.pixels);
}

}  // namespace
}  // namespace imnorm
