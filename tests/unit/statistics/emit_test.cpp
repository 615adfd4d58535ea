#include <catch2/catch.hpp>
#include <string>

#include "unit/statistics/made_pictures.h"

namespace imnorm {
namespace {

// Red 0 and 255, green 51 throughout, blue 0 0 0 255: means 0.5, 0.2, 0.25.
Totals MadeTotals(StatsSettings settings = {}) {
  Totals totals(settings);
  REQUIRE(totals.Add(SumsOf(2, 1, 3, 256, {0, 51, 0, 255, 51, 0})));
  REQUIRE(totals.Add(SumsOf(2, 1, 3, 256, {0, 51, 0, 255, 51, 255})));
  return totals;
}

std::string Emitted(const Totals& totals, const char* format) {
  const Result<EmitFormat> known = EmitFormatFromName(format);
  REQUIRE(known);
  const Result<std::string> text = EmitStats(totals, *known);
  REQUIRE(text);
  return *text;
}

}  // namespace

TEST_CASE("statistics are emitted in the words of each tool", "[statistics]") {
  const Totals totals = MadeTotals();
  CHECK(Emitted(totals, "json") == StatsToJson(totals));
  CHECK(Emitted(totals, "torchvision") ==
        "transforms.Normalize(mean=[0.5, 0.2, 0.25], std=[0.5, 0, 0.4330127018922193])\n");
  CHECK(Emitted(totals, "hf") ==
        "{\n  \"do_rescale\": true,\n  \"rescale_factor\": 0.00392156862745098,\n"
        "  \"do_normalize\": true,\n  \"image_mean\": [0.5, 0.2, 0.25],\n"
        "  \"image_std\": [0.5, 0, 0.4330127018922193]\n}\n");
  CHECK(Emitted(totals, "timm") ==
        "{\n  \"pretrained_cfg\": {\n    \"mean\": [0.5, 0.2, 0.25],\n"
        "    \"std\": [0.5, 0, 0.4330127018922193]\n  }\n}\n");
  CHECK(Emitted(totals, "opencv") ==
        "blob = cv2.dnn.blobFromImage(image, mean=(127.5, 51, 63.75), swapRB=True)"
        "  # image in OpenCV's BGR order\n"
        "blob /= np.array([127.5, 0, 110.41823898251593], np.float32).reshape(1, -1, 1, 1)\n");
  CHECK(Emitted(totals, "openvino") ==
        "--mean_values \"[127.5,51,63.75]\" --scale_values \"[127.5,0,110.41823898251593]\"\n");
  CHECK(Emitted(totals, "csv").find("channel,mean,std,min,max,") == 0);
  CHECK(Emitted(totals, "csv").find("\ngreen,0.2,0,0.2,0.2,0,0,0,0\n") != std::string::npos);
}

TEST_CASE("an order of channels other than rgb is said", "[statistics]") {
  StatsSettings settings;
  settings.channel_order = "bgr";
  const Totals totals = MadeTotals(settings);
  CHECK(Emitted(totals, "torchvision").find("# channels in bgr order") != std::string::npos);
  CHECK(Emitted(totals, "opencv").find("swapRB=False") != std::string::npos);
  CHECK(Emitted(totals, "csv").find("\nblue,0.5,") != std::string::npos);
}

TEST_CASE("tools that know RGB only get RGB, whatever was measured", "[statistics]") {
  StatsSettings settings;
  settings.channel_order = "bgr";
  Totals bgr(settings), rgb{StatsSettings()};
  REQUIRE(bgr.Add(SumsOf(2, 1, 3, 256, {0, 51, 0, 255, 51, 100})));
  REQUIRE(rgb.Add(SumsOf(2, 1, 3, 256, {0, 51, 0, 100, 51, 255})));
  for (const char* format : {"hf", "timm", "openvino"}) {
    CHECK(Emitted(bgr, format) == Emitted(rgb, format));
  }
  // Bands are in the order in which they are.
  settings.channel_order = "native";
  Totals native(settings);
  REQUIRE(native.Add(SumsOf(2, 1, 3, 256, {0, 51, 0, 255, 51, 100})));
  CHECK(Emitted(native, "hf") != Emitted(rgb, "hf"));
}

TEST_CASE("nothing measured is nothing to emit", "[statistics]") {
  const Totals totals{StatsSettings()};
  for (EmitFormat format : {EmitFormat::kTorchvision, EmitFormat::kHf, EmitFormat::kOpenvino}) {
    const Result<std::string> text = EmitStats(totals, format);
    REQUIRE_FALSE(text);
    CHECK(text.error().code == ErrorCode::kUnsupported);
  }
  CHECK(Emitted(totals, "csv").find("\nred,,,,,,,,\n") != std::string::npos);
  CHECK(StatsToJson(totals).find("\"mean\": [null, null, null]") != std::string::npos);
  const Result<StatsValues> values = ReadStatsValues(StatsToJson(totals));
  REQUIRE_FALSE(values);
  CHECK(values.error().code == ErrorCode::kUnsupported);
}

TEST_CASE("an unknown format names the known ones", "[statistics]") {
  const Result<EmitFormat> format = EmitFormatFromName("torch");
  REQUIRE_FALSE(format);
  CHECK(format.error().message.find("torchvision") != std::string::npos);
}

TEST_CASE("the table has a row a channel, the counts and the failures", "[statistics]") {
  Totals totals = MadeTotals();
  for (uint64_t i = 0; i < 12; ++i) {
    totals.AddFailure(i, "bad" + std::to_string(i) + "\x1b[31m.jpg", "corrupt: made so");
  }
  const std::string table = StatsTable(totals);
  INFO(table);
  CHECK(table.find("2 images, 4 pixels (native), 12 failed\n") == 0);
  CHECK(table.find("size: 2 x 1, all the same\n") != std::string::npos);
  CHECK(table.find("\nblue     0.25") != std::string::npos);
  CHECK(table.find("  bad9\\x1b[31m.jpg: corrupt: made so\n") != std::string::npos);
  CHECK(table.find("bad10") == std::string::npos);
  CHECK(table.find("  and 2 more\n") != std::string::npos);
  CHECK(table.find('\x1b') == std::string::npos);
  CHECK(table.find("█") == std::string::npos);
}

TEST_CASE("the table draws a histogram where one was asked for", "[statistics]") {
  StatsSettings settings;
  settings.histogram = true;
  const std::string table = StatsTable(MadeTotals(settings));
  INFO(table);
  CHECK(table.find("red      |█                              █|\n") != std::string::npos);
  CHECK(table.find("blue     |█                              ▃|\n") != std::string::npos);
}

TEST_CASE("a picture's own numbers are a line of JSON or CSV", "[statistics]") {
  const StatsSettings settings;
  const PictureSums picture = SumsOf(2, 1, 3, 256, {0, 51, 0, 255, 51, 0});
  CHECK(PictureRowHeader(settings, RowFormat::kJsonLines).empty());
  CHECK(PictureRow(picture, "a \"b\".png", settings, RowFormat::kJsonLines) ==
        "{\"path\": \"a \\\"b\\\".png\", \"width\": 2, \"height\": 1, \"pixels\": 2, "
        "\"mean\": [0.5, 0.20000000000000001, 0], \"std\": [0.5, 0, 0], "
        "\"min\": [0, 0.20000000000000001, 0], \"max\": [1, 0.20000000000000001, 0]}\n");
  CHECK(PictureRowHeader(settings, RowFormat::kCsv) ==
        "path,width,height,pixels,mean_red,mean_green,mean_blue,std_red,std_green,std_blue,"
        "min_red,min_green,min_blue,max_red,max_green,max_blue\n");
  CHECK(PictureRow(picture, "a \"b\",c", settings, RowFormat::kCsv) ==
        "\"a \"\"b\"\",c\",2,1,2,0.5,0.20000000000000001,0,0.5,0,0,0,0.20000000000000001,0,1,"
        "0.20000000000000001,0\n");
  const PictureSums nothing = SumsOf(2, 1, 3, 256, {});
  CHECK(PictureRow(nothing, "a", settings, RowFormat::kCsv) == "a,2,1,0,,,,,,,,,,,,\n");
}

}  // namespace imnorm
