#include "decode/jpeg/markers.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "support/jpeg_compare.h"
#include "support/jpeg_segments.h"

namespace imnorm::jpeg_judge {
namespace {

std::string ReasonFor(const File& file) {
  jpeg::Header header;
  return std::string(jpeg::ReadHeader(file, header));
}

File Plain() { return Encode({.width = 40, .height = 24, .h = 2, .v = 1}); }

// Sets the byte `offset` bytes into the body of a segment.
std::string WithByte(uint8_t marker, size_t offset, uint8_t value) {
  File file = Plain();
  file[Find(file, marker) + 4 + offset] = value;
  return ReasonFor(file);
}

std::string WithSegment(uint8_t marker, const std::string& body) {
  File file = Plain();
  Insert(file, 2, Segment(marker, body));
  return ReasonFor(file);
}

}  // namespace

TEST_CASE("the header gives size, sampling and where the data begins", "[jpeg]") {
  const File file = Encode({.width = 45, .height = 33, .h = 2, .v = 2, .restart_interval = 3});
  jpeg::Header header;
  REQUIRE(jpeg::ReadHeader(file, header).empty());
  CHECK(header.width == 45);
  CHECK(header.height == 33);
  CHECK(header.h_max == 2);
  CHECK(header.v_max == 2);
  CHECK(header.mcus_x == 3);
  CHECK(header.mcus_y == 3);
  CHECK(header.restart_interval == 3);
  CHECK(header.color == jpeg::ColorSpace::kYcc);
  const size_t scan = Find(file, 0xda);
  CHECK(header.scan_begin == scan + SegmentSize(file, scan));
}

TEST_CASE("a header cut anywhere is left to libjpeg-turbo", "[jpeg]") {
  const File file = Plain();
  jpeg::Header header;
  REQUIRE(jpeg::ReadHeader(file, header).empty());
  for (size_t size = 0; size < header.scan_begin; ++size) {
    jpeg::Header cut;
    CHECK_FALSE(jpeg::ReadHeader({file.data(), size}, cut).empty());
  }
}

TEST_CASE("what is unusual in a frame header is named", "[jpeg]") {
  CHECK(WithByte(0xc0, 0, 12) == "not 8-bit");
  CHECK(WithByte(0xc0, 5, 4) == "not one or three components");
  CHECK(WithByte(0xc0, 5, 1) == "frame header of odd length");
  CHECK(WithByte(0xc0, 7, 0x31) == "unusual sampling");
  CHECK(WithByte(0xc0, 7, 0x50) == "unusual sampling");
  CHECK(WithByte(0xc0, 10, 0x21) == "unusual sampling");
  CHECK(WithByte(0xc0, 9, 1) == "two components of one name");
  CHECK(WithSegment(0xc0, "\x08") == "frame header cut short");
  File file = Plain();
  const size_t frame = Find(file, 0xc0);
  file[frame + 5] = file[frame + 6] = 0;
  CHECK(ReasonFor(file) == "unusual picture size");
  file[frame + 5] = file[frame + 6] = 0xff;
  CHECK(ReasonFor(file) == "unusual picture size");
  file = Plain();
  const File copy(file.begin() + ptrdiff_t(frame),
                  file.begin() + ptrdiff_t(frame + SegmentSize(file, frame)));
  Insert(file, frame, copy);
  CHECK(ReasonFor(file) == "second frame header");
}

TEST_CASE("what is unusual in the tables is named", "[jpeg]") {
  CHECK(WithByte(0xdb, 0, 0x04) == "unusual quantisation table");
  CHECK(WithByte(0xdb, 0, 0x20) == "unusual quantisation table");
  CHECK(WithByte(0xdb, 0, 0x10) == "quantisation table cut short");
  CHECK(WithByte(0xdb, 9, 0) == "unusual quantisation table");
  CHECK(WithByte(0xc4, 0, 0x04) == "unusual Huffman table");
  CHECK(WithByte(0xc4, 0, 0x20) == "unusual Huffman table");
  CHECK(WithByte(0xc4, 3, 255) == "Huffman table cut short");
  CHECK(WithSegment(0xc4, std::string("\0abc", 4)) == "Huffman table cut short");
  CHECK(WithSegment(0xdd, "\x01\x02\x03") == "restart interval of odd length");
}

TEST_CASE("what is unusual in a scan header is named", "[jpeg]") {
  CHECK(WithByte(0xda, 0, 1) == "more than one scan");
  CHECK(WithByte(0xda, 1, 9) == "components out of order");
  CHECK(WithByte(0xda, 2, 0x30) == "scan without its tables");
  CHECK(WithByte(0xda, 2, 0x04) == "scan without its tables");
  CHECK(WithByte(0xc0, 8, 3) == "scan without its tables");
  CHECK(WithByte(0xc0, 8, 200) == "scan without its tables");
  CHECK(WithByte(0xda, 8, 62) == "not sequential");
  File file = Plain();
  Drop(file, 0xc0);
  CHECK(ReasonFor(file) == "scan before frame header");
}

TEST_CASE("what is unusual between the segments is named", "[jpeg]") {
  File file = Plain();
  file[1] = 0xd9;
  CHECK(ReasonFor(file) == "no start of image");
  file = Plain();
  Insert(file, 2, {0});
  CHECK(ReasonFor(file) == "bytes between segments");
  file = Plain();
  Insert(file, 2, {0xff});  // legal fill, left to libjpeg-turbo all the same
  CHECK(ReasonFor(file) == "bytes between segments");
  file = Plain();
  Insert(file, 2, {0xff, 0xe5, 0, 1});
  CHECK(ReasonFor(file) == "segment cut short");
  CHECK(WithSegment(0xc9, "") == "arithmetic coding");
  CHECK(WithSegment(0xca, "") == "arithmetic coding");
  CHECK(WithSegment(0xc3, "") == "unusual marker");
  CHECK(WithSegment(0xdc, "ab") == "unusual marker");
}

TEST_CASE("comments and APP segments are passed over", "[jpeg]") {
  jpeg::Decoder decoder;
  File file = Plain();
  for (int i = 0; i < 2000; ++i) {
    Insert(file, 2, Segment(uint8_t(i % 2 ? 0xfe : 0xe1), std::string(size_t(i % 40), 'x')));
  }
  const Comparison found = Compare(decoder, file);
  CHECK(found.fast);
  CHECK(found.complaint == "");
}

TEST_CASE("the colour space is what libjpeg concludes from markers and names", "[jpeg]") {
  jpeg::Decoder decoder;
  const auto adobe = [](int transform) {
    return Segment(0xee, std::string("Adobe") + std::string(6, '\0') + char(transform));
  };
  struct Case {
    bool jfif;
    int adobe;  // transform; -1: no such marker
    std::string names;
    std::string fallback;
  };
  const Case cases[] = {
      {true, -1, "RGB", ""},   {true, 0, "RGB", ""},
      {false, -1, "RGB", ""},  {false, -1, "\1\2\3", ""},
      {false, -1, "abc", ""},  {false, 0, "\1\2\3", ""},
      {false, 1, "RGB", ""},   {false, 2, "\1\2\3", "unknown Adobe colour transform"},
      {true, 2, "\1\2\3", ""},
  };
  for (const Case& c : cases) {
    File file = Plain();
    const size_t frame = Find(file, 0xc0);
    const size_t scan = Find(file, 0xda);
    for (size_t i = 0; i < 3; ++i) {
      file[frame + 10 + 3 * i] = file[scan + 5 + 2 * i] = uint8_t(c.names[i]);
    }
    if (!c.jfif) Drop(file, 0xe0);
    if (c.adobe >= 0) Insert(file, 2, adobe(c.adobe));
    const Comparison found = Compare(decoder, file);
    INFO("JFIF " << c.jfif << " Adobe " << c.adobe << " names " << c.names);
    CHECK(found.complaint == "");
    CHECK(found.fallback == c.fallback);
  }
}

TEST_CASE("a JFIF marker of an unknown major version is left to libjpeg-turbo", "[jpeg]") {
  CHECK(WithByte(0xe0, 5, 2) == "unknown JFIF version");
}

TEST_CASE("an extended sequential frame of 8 bits decodes", "[jpeg]") {
  jpeg::Decoder decoder;
  File file = Plain();
  file[Find(file, 0xc0) + 1] = 0xc1;
  const Comparison found = Compare(decoder, file);
  CHECK(found.fast);
  CHECK(found.complaint == "");
}

TEST_CASE("a lone component decodes whatever its sampling factors say", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const uint8_t factors : {0x11, 0x21, 0x12, 0x22, 0x41, 0x14}) {
    File file = Encode({.width = 50, .height = 41, .components = 1});
    file[Find(file, 0xc0) + 11] = factors;
    const Comparison found = Compare(decoder, file);
    CHECK(found.fast);
    CHECK(found.complaint == "");
  }
}

}  // namespace imnorm::jpeg_judge
