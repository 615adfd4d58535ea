// Pictures for people are read back as they were drawn.
#include "drawing/png_file.h"

#include <catch2/catch.hpp>

#include "imnorm/decode.h"

namespace imnorm {
namespace {

TEST_CASE("a picture that is written as PNG is the same when it is read", "[drawing]") {
  for (const int channels : {1, 3}) {
    Image drawn;
    drawn.Reshape(37, 21, channels, ElementType::kU8);
    for (size_t i = 0; i < drawn.pixels.size(); ++i) drawn.pixels[i] = uint8_t(i * 7 + i / 100);
    const auto bytes = EncodePng(drawn);
    REQUIRE(bytes);
    DecodeOptions options;
    if (channels == 1) options.channels = DecodeChannels::kGray;
    Image read;
    REQUIRE(Decoder().Decode(*bytes, options, read));
    CHECK(read.width == drawn.width);
    CHECK(read.height == drawn.height);
    CHECK(read.pixels == drawn.pixels);
  }
}

}  // namespace
}  // namespace imnorm
