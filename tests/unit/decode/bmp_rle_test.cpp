// Run-length codes of BMP against pictures made of them by hand.
#include "decode/bmp_rle.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace imnorm {
namespace {

using Bytes = std::vector<uint8_t>;

// The rows of a picture as one text; "" where the codes hold too little.
std::string Indices(const Bytes& codes, int64_t width, int64_t height, bool four_bits = false) {
  BmpRleReader reader(codes, 0, width, four_bits);
  std::string text;
  for (int64_t y = 0; y < height; ++y) {
    Bytes row(static_cast<size_t>(width));
    if (!reader.Read(row.data(), width)) return "";
    for (const uint8_t index : row) text += char('0' + index);
    text += ' ';
  }
  return text;
}

}  // namespace

TEST_CASE("runs, literals and ends of lines of 8 bits", "[decode]") {
  CHECK(Indices({3, 1, 0, 0, 2, 2, 1, 3, 0, 1}, 3, 2) == "111 223 ");
  // A literal of three indices is padded to a whole word.
  CHECK(Indices({0, 3, 1, 2, 3, 0, 1, 4}, 4, 1) == "1234 ");
  // A line that ends early is index 0 to its end.
  CHECK(Indices({1, 5, 0, 0, 3, 1}, 3, 2) == "500 111 ");
}

TEST_CASE("runs of 4 bits alternate", "[decode]") {
  CHECK(Indices({5, 0x12}, 5, 1, true) == "12121 ");
  CHECK(Indices({0, 4, 0x12, 0x34}, 4, 1, true) == "1234 ");
}

TEST_CASE("a step skips to the right and up", "[decode]") {
  CHECK(Indices({1, 7, 0, 2, 1, 1, 4, 8}, 3, 2) == "700 008 ");
}

TEST_CASE("a run is cut at the end of its row", "[decode]") {
  CHECK(Indices({5, 1, 0, 0, 3, 2}, 3, 2) == "111 222 ");
}

TEST_CASE("codes that end early hold no picture, wherever they are cut", "[decode]") {
  const Bytes whole = {2, 1, 0, 3, 4, 5, 6, 0, 0, 0, 5, 9};
  REQUIRE(Indices(whole, 5, 2) == "11456 99999 ");
  for (size_t length = 0; length < whole.size(); ++length) {
    CAPTURE(length);
    CHECK(Indices({whole.begin(), whole.begin() + int64_t(length)}, 5, 2) == "");
  }
}

TEST_CASE("a reader goes on from where a copy of it stood", "[decode]") {
  const Bytes codes = {4, 1, 4, 2};
  BmpRleReader reader(codes, 0, 8, false);
  REQUIRE(reader.Skip(3));
  BmpRleReader copy = reader;
  for (BmpRleReader* each : {&reader, &copy}) {
    uint8_t next[2] = {};
    REQUIRE(each->Read(next, 2));
    CHECK(next[0] == 1);
    CHECK(next[1] == 2);
  }
}

}  // namespace imnorm
