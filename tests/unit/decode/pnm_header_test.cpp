// Headers of PNM: what Pillow and netpbm take from them, and what is none.
#include "decode/pnm_header.h"

#include <catch2/catch.hpp>
#include <string>

namespace imnorm {
namespace {

Result<PnmHeader> Parse(std::string_view text) {
  return ParsePnmHeader({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

}  // namespace

TEST_CASE("tokens may stand anywhere, comments between them", "[decode]") {
  for (const char* text : {"P5 3 2 255\n", "P5\n#c\n3\t2 # more\n255 ", "P5\r3\r2\r255\r"}) {
    CAPTURE(text);
    const auto header = Parse(text);
    REQUIRE(header);
    CHECK(header->width == 3);
    CHECK(header->height == 2);
    CHECK(header->maxval == 255);
    CHECK(header->channels == 1);
    CHECK(header->pixel_offset == std::string_view(text).size());
  }
}

TEST_CASE("each kind has its samples", "[decode]") {
  CHECK(Parse("P4 9 1\n")->row_bytes() == 2);
  CHECK(Parse("P6 3 1 65535\n")->row_bytes() == 18);
  CHECK(Parse("P3 3 1 255\n1")->plain());
  const auto floats = Parse("PF 2 1 -1.0\n");
  REQUIRE(floats);
  CHECK(floats->floats());
  CHECK(floats->channels == 3);
  CHECK(floats->little_endian);
  CHECK_FALSE(Parse("Pf 2 1 1.0\n")->little_endian);
}

TEST_CASE("a PAM's lines come in any order", "[decode]") {
  const auto header =
      Parse("P7\nDEPTH 4\nMAXVAL 255\n# c\nHEIGHT 2\nTUPLTYPE RGB_ALPHA\nWIDTH 3\nENDHDR\n");
  REQUIRE(header);
  CHECK(header->channels == 4);
  CHECK(header->has_alpha);
  CHECK(header->width == 3);
  const auto bands = Parse("P7\nWIDTH 1\nHEIGHT 1\nDEPTH 5\nMAXVAL 255\nENDHDR\n");
  REQUIRE_FALSE(bands);
  CHECK(bands.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("a header that is cut or makes no sense is damage", "[decode]") {
  for (const char* text : {"P5", "P5 3", "P5 3 2", "P5 3 2 255", "P5 -3 2 255\n", "P5 3 2 0\n",
                           "P5 3 2 65536\n", "P5 3x 2 255\n", "P5 99999999999999999999 1 255\n",
                           "PF 1 1 0\n", "P7\nWIDTH 1\nHEIGHT 1\nENDHDR\n"}) {
    CAPTURE(text);
    const auto header = Parse(text);
    REQUIRE_FALSE(header);
    CHECK(header.error().code == ErrorCode::kCorrupt);
  }
}

}  // namespace imnorm
