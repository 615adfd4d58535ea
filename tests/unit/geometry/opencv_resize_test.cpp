#include "geometry/opencv_resize.h"

#include <catch2/catch.hpp>

#include "unit/decode/files.h"

namespace imnorm {
namespace {

TEST_CASE("cv::resize answers for every filter it has and every sample type", "[decode]") {
  for (ElementType type : {ElementType::kU8, ElementType::kU16, ElementType::kF32}) {
    Image in;
    in.Reshape(8, 6, 3, type);
    for (auto& byte : in.pixels) byte = 0;
    for (Filter filter :
         {Filter::kNearest, Filter::kBilinear, Filter::kBicubic, Filter::kLanczos, Filter::kArea}) {
      Image out;
      REQUIRE(OpencvResize(in, 4, 3, filter, out));
      CHECK(out.width == 4);
      CHECK(out.height == 3);
      CHECK(out.type == type);
      CHECK(out.pixels == std::vector<uint8_t>(out.pixels.size(), 0));
    }
  }
}

TEST_CASE("area resizing to half is the rounded mean of four", "[decode]") {
  Image in;
  in.Reshape(2, 2, 1, ElementType::kU8);
  in.pixels = {10, 20, 30, 41};
  Image out;
  REQUIRE(OpencvResize(in, 1, 1, Filter::kArea, out));
  CHECK(out.pixels == std::vector<uint8_t>{25});
}

TEST_CASE("filters that OpenCV lacks are refused with those it has", "[decode]") {
  const Image in = testing::MakeImage(4, 4, 1);
  Image out;
  for (Filter filter : {Filter::kBox, Filter::kHamming}) {
    const auto resized = OpencvResize(in, 2, 2, filter, out);
    REQUIRE_FALSE(resized);
    CHECK(resized.error().code == ErrorCode::kBadArgument);
    CHECK(resized.error().message.find("area") != std::string::npos);
  }
}

}  // namespace
}  // namespace imnorm
