#include "decode/sniff.h"

#include <catch2/catch.hpp>

#include "imnorm/decode.h"
#include "unit/decode/files.h"

namespace imnorm {
namespace {

using testing::BytesOf;

TEST_CASE("formats are recognised by content alone", "[decode]") {
  CHECK(SniffFormat(testing::MakeJpeg(8, 8)) == Format::kJpeg);
  CHECK(SniffFormat(BytesOf("\x89PNG\r\n\x1a\n")) == Format::kPng);
  CHECK(SniffFormat(BytesOf("RIFF....WEBPVP8 ")) == Format::kWebp);
  CHECK(SniffFormat(BytesOf(std::string("MM\0*", 4))) == Format::kTiff);
  CHECK(SniffFormat(BytesOf(std::string("II+\0", 4))) == Format::kTiff);
  CHECK(SniffFormat(BytesOf("P5 3 2 255 ")) == Format::kPnm);
  CHECK(SniffFormat(BytesOf("P7\nWIDTH 3")) == Format::kPnm);
  CHECK(SniffFormat(BytesOf("Pf\n3 2\n")) == Format::kPnm);
}

TEST_CASE("what only looks like a picture is not taken for one", "[decode]") {
  CHECK(SniffFormat({}) == Format::kUnknown);
  CHECK(SniffFormat(BytesOf("BMW is a maker of cars")) == Format::kUnknown);
  CHECK(SniffFormat(BytesOf("P7 332\n")) == Format::kUnknown);
  CHECK(SniffFormat(BytesOf("P55 is not PGM")) == Format::kUnknown);
  CHECK(SniffFormat(BytesOf("RIFF....WAVEfmt ")) == Format::kUnknown);
}

TEST_CASE("formats that are not read are called by their name", "[decode]") {
  CHECK(NameOfUnread(BytesOf("GIF89a....")) == "GIF");
  CHECK(NameOfUnread(BytesOf(std::string("\0\0\0\x20", 4) + "ftypavif....")) == "AVIF");
  CHECK(NameOfUnread(BytesOf(std::string("\0\0\0\x20", 4) + "ftypheic....")) == "HEIC");
  CHECK(NameOfUnread(BytesOf(std::string(257, '\0') + "ustar\00000")) == "tar archive");
  CHECK(NameOfUnread(BytesOf("plain words\n")) == "text");
  CHECK(NameOfUnread(BytesOf("\xfe\x01\x02")) == "");
}

}  // namespace
}  // namespace imnorm
