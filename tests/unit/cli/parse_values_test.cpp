#include "cli/parse_values.h"

#include <catch2/catch.hpp>

namespace imnorm::cli {
namespace {

ResizePlan Resize(std::string_view text) {
  ResizePlan plan;
  plan.size = plan.max_size = plan.width = plan.height = 99;  // of a preset before
  REQUIRE(ParseResize(text, plan));
  return plan;
}

}  // namespace

TEST_CASE("--resize takes a short edge, a bound, sides, a long edge, a letterbox or none",
          "[cli]") {
  CHECK(Resize("none").kind == ResizeKind::kNone);
  const ResizePlan edge = Resize("256");
  CHECK(edge.kind == ResizeKind::kShortEdge);
  CHECK(edge.size == 256);
  CHECK(edge.max_size == 0);
  CHECK(Resize("256,max:400").max_size == 400);
  const ResizePlan exact = Resize("320x200");
  CHECK(exact.kind == ResizeKind::kExact);
  CHECK(exact.width == 320);
  CHECK(exact.height == 200);
  CHECK(Resize("long:640").kind == ResizeKind::kLongEdge);
  CHECK(Resize("long:640").size == 640);
  const ResizePlan box = Resize("letterbox:640x384");
  CHECK(box.kind == ResizeKind::kLetterbox);
  CHECK(box.height == 384);
  CHECK(Resize("letterbox:640").height == 640);
  CHECK(Resize("letterbox:640").stride == 0);
  const ResizePlan strided = Resize("letterbox:640x384,stride:32");
  CHECK(strided.height == 384);
  CHECK(strided.stride == 32);
}

TEST_CASE("sizes that are none are refused with the option and the text", "[cli]") {
  for (const char* text : {"",
                           "0",
                           "-1",
                           "12x",
                           "x12",
                           "12xx3",
                           "1.5",
                           " 5",
                           "5 ",
                           "256,max:",
                           "256,max:0",
                           "long:",
                           "long:0",
                           "letterbox:",
                           "letterbox:3x0",
                           "letterbox:64,stride:",
                           "letterbox:64,stride:0",
                           "letterbox:,stride:8",
                           "64,stride:8",
                           "16777217",
                           "99999999999999999999",
                           "12X12",
                           "nan"}) {
    CAPTURE(text);
    ResizePlan plan;
    const auto resize = ParseResize(text, plan);
    REQUIRE_FALSE(resize);
    CHECK(resize.error().code == ErrorCode::kBadArgument);
    CHECK(resize.error().message.find(fmt::format("--resize \"{}\"", text)) == 0);
    CropPlan crop;
    CHECK_FALSE(ParseCrop(text, crop));
  }
}

TEST_CASE("--crop takes a side, two sides or none", "[cli]") {
  CropPlan crop;
  REQUIRE(ParseCrop("224", crop));
  CHECK(crop.width == 224);
  CHECK(crop.height == 224);
  REQUIRE(ParseCrop("30x20", crop));
  CHECK(crop.width == 30);
  CHECK(crop.height == 20);
  REQUIRE(ParseCrop("none", crop));
  CHECK(crop.width == 0);
  CHECK(crop.height == 0);
}

TEST_CASE("lists of numbers are read whole and to the last bit, or refused", "[cli]") {
  CHECK(ParseNumbers("--mean", "0.485,0.456,0.406") == std::vector<double>{0.485, 0.456, 0.406});
  CHECK(ParseNumbers("--mean", " -1 , 2e-3 ") == std::vector<double>{-1.0, 0.002});
  for (const char* text : {"", ",", "1,", ",1", "1;2", "1 2", "a", "nan", "inf", "1e999", "0x10"}) {
    CAPTURE(text);
    const auto numbers = ParseNumbers("--mean", text);
    REQUIRE_FALSE(numbers);
    CHECK(numbers.error().message.find("--mean") == 0);
  }
}

TEST_CASE("colours are names or six hexadecimal digits", "[cli]") {
  using Colour = std::array<uint8_t, 3>;
  CHECK(ParseColour("--fill", "white") == Colour{255, 255, 255});
  CHECK(ParseColour("--fill", "black") == Colour{0, 0, 0});
  CHECK(ParseColour("--fill", "#12aBfF") == Colour{0x12, 0xab, 0xff});
  for (const char* text : {"", "red", "#12345", "#1234567", "123456", "#12345g", "#-12345"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseColour("--fill", text));
  }
}

TEST_CASE("shards count from one and stay below a bound", "[cli]") {
  const Shard shard = ParseShard("3/7").value();
  CHECK(shard.index == 3);
  CHECK(shard.count == 7);
  CHECK(ParseShard("1000000/1000000"));
  for (const char* text : {"", "3", "0/7", "8/7", "-1/7", "1/0", "1/7/2", "a/b", "1/1000001",
                           "1/18446744073709551616", "1/4294967297"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseShard(text));
  }
}

TEST_CASE("an unknown word is answered with the nearest one and all of them", "[cli]") {
  CHECK(ParseOptionWord<ExifPolicy>("--exif", "ignore") == ExifPolicy::kIgnore);
  const auto near = ParseOptionWord<ExifPolicy>("--exif", "aply");
  REQUIRE_FALSE(near);
  CHECK(near.error().message.find("did you mean \"apply\"?") != std::string::npos);
  CHECK(near.error().message.find("auto|apply|ignore") != std::string::npos);
  const auto far = ParseOptionWord<ExifPolicy>("--exif", "xyzzy");
  REQUIRE_FALSE(far);
  CHECK(far.error().message.find("did you mean") == std::string::npos);
}

}  // namespace imnorm::cli
