// What libjpeg keeps between pictures, and must not.
#include "decode/jpeg_turbo.h"

#include <catch2/catch.hpp>
#include <cstdio>
// Needs stdio's types before it.
#include <jpeglib.h>

#include "support/jpeg_judge.h"
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

// A sound file through libjpeg with one kind of arithmetic.
Bytes ByLibjpeg(const Bytes& file, J_DCT_METHOD dct, bool fancy) {
  jpeg_decompress_struct info = {};
  jpeg_error_mgr errors = {};
  info.err = jpeg_std_error(&errors);
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, file.data(), static_cast<unsigned long>(file.size()));
  jpeg_read_header(&info, TRUE);
  info.dct_method = dct;
  info.do_fancy_upsampling = fancy ? TRUE : FALSE;
  jpeg_start_decompress(&info);
  Bytes pixels;
  while (info.output_scanline < info.output_height) {
    pixels.resize(pixels.size() + size_t(info.output_width) * 3);
    JSAMPROW row = pixels.data() + pixels.size() - size_t(info.output_width) * 3;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  jpeg_destroy_decompress(&info);
  return pixels;
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

TEST_CASE("the arithmetic of other JPEG decoders is libjpeg's own, on request", "[decode]") {
  jpeg_judge::Recipe recipe;
  recipe.width = 75;
  recipe.height = 50;
  recipe.h = recipe.v = 2;
  const Bytes file = jpeg_judge::Encode(recipe);
  Decoder decoder;
  Image usual, image;
  REQUIRE(decoder.Decode(file, {}, usual));
  for (const auto& [dct, method] :
       {std::pair(JpegDct::kAccurate, JDCT_ISLOW), std::pair(JpegDct::kFast, JDCT_IFAST),
        std::pair(JpegDct::kFloat, JDCT_FLOAT)}) {
    for (const bool plain : {false, true}) {
      DecodeOptions options;
      options.jpeg_dct = dct;
      options.jpeg_plain_upsampling = plain;
      REQUIRE(decoder.Decode(file, options, image));
      CHECK(image.pixels == ByLibjpeg(file, method, !plain));
      CHECK((image.pixels == usual.pixels) == (dct == JpegDct::kAccurate && !plain));
    }
  }
}

}  // namespace
}  // namespace imnorm
