// JPEGs for people are close to what was drawn.
#include "drawing/jpeg_file.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "imnorm/decode.h"

namespace imnorm {
namespace {

TEST_CASE("a picture that is written as JPEG is nearly the same when it is read", "[drawing]") {
  Image drawn;
  drawn.Reshape(37, 21, 3, ElementType::kU8);
  for (int y = 0; y < 21; ++y) {
    for (int x = 0; x < 37; ++x) {
      uint8_t* pixel = drawn.row(y) + 3 * x;
      pixel[0] = uint8_t(x * 6);
      pixel[1] = uint8_t(y * 10);
      pixel[2] = uint8_t(200 - x - y);
    }
  }
  const auto bytes = EncodeJpeg(drawn, 92);
  REQUIRE(bytes);
  Image read;
  REQUIRE(Decoder().Decode(*bytes, DecodeOptions(), read));
  REQUIRE(read.pixels.size() == drawn.pixels.size());
  for (size_t i = 0; i < read.pixels.size(); ++i) {
    REQUIRE(std::abs(int(read.pixels[i]) - int(drawn.pixels[i])) <= 12);
  }
}

TEST_CASE("a picture that no JPEG can hold is refused", "[drawing]") {
  Image wide;
  wide.Reshape(65501, 1, 1, ElementType::kU8);
  const auto bytes = EncodeJpeg(wide, 92);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().code == ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace imnorm
