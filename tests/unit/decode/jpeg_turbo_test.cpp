// What libjpeg keeps between pictures, and must not.
#include "decode/jpeg_turbo.h"

#include <catch2/catch.hpp>

#include "unit/decode/files.h"

namespace imnorm {
namespace {

using testing::Bytes;

// Turns every segment of one kind before the first scan into comments.
Bytes WithoutSegments(Bytes file, uint8_t marker) {
  for (size_t at = 2; at + 4 <= file.size() && file[at + 1] != 0xda;) {
    const size_t length = size_t(file[at + 2]) << 8 | file[at + 3];
    if (file[at + 1] == marker) file[at + 1] = 0xfe;
    at += 2 + length;
  }
  return file;
}

constexpr uint8_t kDqt = 0xdb;
constexpr uint8_t kDht = 0xc4;

TEST_CASE("a JPEG without its tables is judged after other JPEGs as it is alone", "[decode]") {
  const Bytes whole = testing::MakeJpeg(70, 53);
  for (const Bytes& file : {WithoutSegments(whole, kDqt), WithoutSegments(whole, kDht),
                            WithoutSegments(testing::MakeJpeg(70, 53, true), kDqt),
                            WithoutSegments(testing::MakeJpeg(70, 53, true), kDht)}) {
    for (JpegDecoder jpeg : {JpegDecoder::kAuto, JpegDecoder::kTurbo}) {
      DecodeOptions options;
      options.jpeg = jpeg;
      Image alone, after;
      Decoder fresh;
      const auto expected = fresh.Decode(file, options, alone);
      Decoder used;
      // A progressive file leaves tables of its own making: optimised, not the standard ones.
      REQUIRE(used.Decode(testing::MakeJpeg(40, 40, true), options, after));
      REQUIRE(used.Decode(whole, options, after));
      const auto found = used.Decode(file, options, after);
      REQUIRE(found.has_value() == expected.has_value());
      if (!expected) {
        CHECK(found.error().code == expected.error().code);
        CHECK(found.error().message == expected.error().message);
      } else {
        CHECK(after.pixels == alone.pixels);
      }
    }
  }
}

TEST_CASE("a JPEG without quantisation tables is damage whatever came before", "[decode]") {
  const Bytes whole = testing::MakeJpeg(70, 53);
  Decoder decoder;
  DecodeOptions options;
  options.jpeg = JpegDecoder::kTurbo;
  Image image;
  REQUIRE(decoder.Decode(whole, options, image));
  const auto report = decoder.Decode(WithoutSegments(whole, kDqt), options, image);
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::kCorrupt);
}

TEST_CASE("a sound JPEG without Huffman tables is decoded with the standard ones", "[decode]") {
  const Bytes whole = testing::MakeJpeg(70, 53);
  Image expected, image;
  Decoder decoder;
  REQUIRE(decoder.Decode(whole, {}, expected));
  REQUIRE(decoder.Decode(testing::MakeJpeg(70, 53, true), {}, image));
  REQUIRE(decoder.Decode(WithoutSegments(whole, kDht), {}, image));
  CHECK(image.pixels == expected.pixels);
}

}  // namespace
}  // namespace imnorm
