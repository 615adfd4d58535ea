#include "decode/codecs.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "imnorm/probe.h"
#include "unit/decode/files.h"
#include "unit/decode/formats.h"

namespace imnorm {
namespace {

using testing::Bytes;
using testing::BytesOf;
using testing::Collector;
using testing::FormatFile;

TEST_CASE("a file is recognised by one codec only, by its first 16 bytes", "[decode]") {
  std::set<std::string> met;
  for (const FormatFile& file : testing::FormatFiles()) {
    CAPTURE(file.told);
    const std::span<const uint8_t> head = std::span(file.bytes).first(16);
    for (const Codec* codec : Codecs()) {
      CHECK(codec->recognises(head) == (codec->name == file.format));
      CHECK(codec->recognises(file.bytes) == (codec->name == file.format));
    }
    CHECK(SniffFormat(head) == file.format);
    met.insert(std::string(file.format));
  }
  for (const Codec* codec : Codecs()) CHECK(met.count(std::string(codec->name)) == 1);
}

TEST_CASE("other beginnings of formats are known", "[decode]") {
  CHECK(SniffFormat(BytesOf(std::string("MM\0*", 4))) == "tiff");
  CHECK(SniffFormat(BytesOf(std::string("II+\0", 4))) == "tiff");
  CHECK(SniffFormat(BytesOf("P5 3 2 255 ")) == "pnm");
  CHECK(SniffFormat(BytesOf("P7\nWIDTH 3")) == "pnm");
  CHECK(SniffFormat(BytesOf("Pf\n3 2\n")) == "pnm");
}

TEST_CASE("what only looks like a picture is not taken for one", "[decode]") {
  CHECK(SniffFormat({}).empty());
  CHECK(SniffFormat(BytesOf("BMW is a maker of cars")).empty());
  CHECK(SniffFormat(BytesOf("P7 332\n")).empty());
  CHECK(SniffFormat(BytesOf("P55 is not PGM")).empty());
  CHECK(SniffFormat(BytesOf("RIFF....WAVEfmt ")).empty());
}

TEST_CASE("names and extensions belong to one codec each", "[decode]") {
  std::set<std::string_view> names;
  std::set<std::string_view> extensions;
  for (const Codec* codec : Codecs()) {
    CHECK(names.insert(codec->name).second);
    for (std::string_view extension : codec->extensions) {
      CHECK(extensions.insert(extension).second);
      CHECK(HasPictureExtension("a." + std::string(extension)));
    }
  }
}

TEST_CASE("headers alone say what decoding gives", "[decode]") {
  Decoder decoder;
  for (const FormatFile& file : testing::FormatFiles()) {
    CAPTURE(file.told);
    const auto info = Probe(file.bytes);
    REQUIRE(info);
    CHECK(info->format == file.format);
    CHECK(info->bits == file.bits);
    CHECK(info->frames == file.frames);
    CHECK(info->progressive == file.progressive);
    CHECK(info->orientation == file.orientation);
    CHECK(info->has_alpha == file.has_alpha);
    CHECK(info->width == testing::kFormatWidth);
    CHECK(info->height == testing::kFormatHeight);
    if (!file.decodes) continue;
    DecodeOptions options;
    options.channels = DecodeChannels::kNative;
    options.alpha = AlphaPolicy::kMask;
    options.depth = 16;
    Collector collector;
    const auto report = decoder.Decode(file.bytes, options, collector);
    REQUIRE(report);
    CHECK(report->picture.format == file.format);
    const bool transposed = file.turned && file.orientation > 4;
    CHECK(collector.info.width == (transposed ? info->height : info->width));
    CHECK(collector.info.height == (transposed ? info->width : info->height));
    CHECK(collector.info.channels == info->channels + (info->has_alpha ? 1 : 0));
    CHECK(collector.info.has_alpha == info->has_alpha);
    CHECK(ElementBytes(collector.info.type) == (info->bits > 16 ? 4 : info->bits > 8 ? 2 : 1));
    CHECK(report->kinds.Has(NoteKind::kRotationNotApplied) ==
          (file.orientation != 1 && !file.turned));
  }
}

TEST_CASE("every format is held to the limit of pixels, to the pixel", "[decode]") {
  Decoder decoder;
  for (const FormatFile& file : testing::FormatFiles()) {
    if (!file.decodes) continue;
    CAPTURE(file.told);
    DecodeOptions options;
    options.channels = DecodeChannels::kNative;
    Collector collector;
    options.max_pixels = testing::kFormatWidth * testing::kFormatHeight;
    CHECK(decoder.Decode(file.bytes, options, collector));
    CHECK(collector.begun == 1);
    options.max_pixels -= 1;
    const auto refused = decoder.Decode(file.bytes, options, collector);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kTooLarge);
    CHECK(collector.begun == 1);
  }
}

TEST_CASE("what a probe refuses is refused by decoding, too", "[decode]") {
  Decoder decoder;
  for (const FormatFile& file : testing::FormatFiles()) {
    CAPTURE(file.told);
    const size_t last = std::min<size_t>(file.bytes.size(), 400);
    for (size_t size = 0; size < last; ++size) {
      const auto cut = std::span(file.bytes).first(size);
      Collector collector;
      const auto info = Probe(cut);
      if (!info) CHECK_FALSE(decoder.Decode(cut, {}, collector));
    }
    for (size_t at = 4; at < last; ++at) {
      for (int flip : {0x01, 0x80, 0xff}) {
        Bytes damaged = file.bytes;
        damaged[at] = uint8_t(damaged[at] ^ flip);
        DecodeOptions options;
        options.max_pixels = 1 << 16;
        Collector collector;
        const auto info = Probe(damaged);
        const auto report = decoder.Decode(damaged, options, collector);
        if (!report) continue;
        CAPTURE(at, flip);
        REQUIRE(info);
        const bool transposed = file.turned && report->picture.orientation > 4;
        CHECK(collector.info.width == (transposed ? info->height : info->width));
        CHECK(collector.info.height == (transposed ? info->width : info->height));
      }
    }
  }
}

TEST_CASE("bytes of no format have a reason, not a picture", "[decode]") {
  CHECK(Probe({}).error().code == ErrorCode::kCorrupt);
  const Bytes text = BytesOf("plain words\n");
  CHECK(Probe(text).error().code == ErrorCode::kUnsupported);
  CHECK(Probe(text).error().message == "not an image: the file is text");
}

TEST_CASE("codec versions are known without loading a module", "[decode]") {
  const auto versions = CodecVersions();
  REQUIRE(versions.size() == 3);
  CHECK(versions[0].name == "libjpeg-turbo");
  CHECK(versions[1].name == "libspng");
  CHECK(versions[2].name == "libwebp");
  for (const CodecVersion& version : versions) CHECK_FALSE(version.version.empty());
}

}  // namespace
}  // namespace imnorm
