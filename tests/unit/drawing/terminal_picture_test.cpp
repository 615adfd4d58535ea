// What goes to a terminal is read back by the rules of its language.
#include "drawing/terminal_picture.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "imnorm/decode.h"
#include "json/path_text.h"

namespace imnorm {
namespace {

Image Drawn(int width, int height) {
  Image image;
  image.Reshape(width, height, 3, ElementType::kU8);
  std::mt19937 random(1);  // does not compress
  for (uint8_t& sample : image.pixels) sample = uint8_t(random());
  return image;
}

std::vector<uint8_t> PngPixels(const std::string& base64) {
  std::string bytes;
  REQUIRE(FromBase64(base64, &bytes));
  Image read;
  const std::vector<uint8_t> data(bytes.begin(), bytes.end());
  REQUIRE(Decoder().Decode(data, DecodeOptions(), read));
  return read.pixels;
}

TEST_CASE("kitty gets the PNG in pieces, the last of them marked", "[drawing]") {
  const Image image = Drawn(120, 90);
  std::string text = TerminalPicture(image, TerminalGraphics::kKitty);
  std::string data;
  int last = 0;
  size_t pieces = 0;
  for (size_t at = 0; (at = text.find("\x1b_G", at)) != std::string::npos; ++pieces) {
    const size_t control = at + 3;
    const size_t begin = text.find(';', control);
    const size_t end = text.find("\x1b\\", begin);
    const std::string keys = text.substr(control, begin - control);
    CHECK((keys.find("a=T,f=100,") == 0) == (pieces == 0));
    CHECK(end - begin - 1 <= 4096);
    last += keys.find("m=0") != std::string::npos;
    data += text.substr(begin + 1, end - begin - 1);
    at = end;
  }
  CHECK(pieces > 1);
  CHECK(last == 1);
  CHECK(PngPixels(data) == image.pixels);
}

TEST_CASE("iTerm2 gets the PNG as one inline file", "[drawing]") {
  const Image image = Drawn(12, 9);
  const std::string text = TerminalPicture(image, TerminalGraphics::kIterm);
  CHECK(text.find("\x1b]1337;File=inline=1;") == 0);
  const size_t begin = text.find(':') + 1;
  CHECK(PngPixels(text.substr(begin, text.find('\a') - begin)) == image.pixels);
}

// The colour indices of a sixel picture.
std::vector<int> ReadSixels(const std::string& text, int width, int height) {
  std::vector<int> pixels(size_t(width * height), -1);
  size_t at = text.find('"');
  for (int skip = 0; skip < 216; ++skip) at = text.find('#', at + 1);  // the palette
  at = text.find('#', at + 1);
  int colour = 0, x = 0, top = 0;
  while (text[at] != '\x1b') {
    int count = 1;
    const char c = text[at++];
    if (c == '#') {
      colour = std::stoi(text.substr(at));
      while (text[at] >= '0' && text[at] <= '9') ++at;
      continue;
    }
    if (c == '$' || c == '-') {
      x = 0;
      top += c == '-' ? 6 : 0;
      continue;
    }
    char sixel = c;
    if (c == '!') {
      count = std::stoi(text.substr(at));
      while (text[at] >= '0' && text[at] <= '9') ++at;
      sixel = text[at++];
    }
    for (; count > 0; --count, ++x) {
      for (int bit = 0; bit < 6; ++bit) {
        if (((sixel - 63) >> bit & 1) != 0) {
          REQUIRE(x < width);
          REQUIRE(top + bit < height);
          int& pixel = pixels[size_t((top + bit) * width + x)];
          CHECK(pixel == -1);
          pixel = colour;
        }
      }
    }
  }
  return pixels;
}

TEST_CASE("sixels cover every pixel once, by a colour near its own on average", "[drawing]") {
  Image image;
  image.Reshape(40, 15, 3, ElementType::kU8);
  for (size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = i % 3 == 0 ? 70 : 180;
  const std::vector<int> read =
      ReadSixels(TerminalPicture(image, TerminalGraphics::kSixel), image.width, image.height);
  double red = 0, green = 0;
  for (const int colour : read) {
    REQUIRE(colour >= 0);
    red += colour / 36 * 51;
    green += colour / 6 % 6 * 51;
  }
  CHECK(red / double(read.size()) == Approx(70).margin(4));
  CHECK(green / double(read.size()) == Approx(180).margin(4));
}

TEST_CASE("blocks hold two rows of pixels a line, and end without colour", "[drawing]") {
  Image image;
  image.Reshape(1, 3, 3, ElementType::kU8);
  image.pixels = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  CHECK(TerminalPicture(image, TerminalGraphics::kBlocks) ==
        "\x1b[38;2;1;2;3m\x1b[48;2;4;5;6m\xe2\x96\x80\x1b[0m\n"
        "\x1b[38;2;7;8;9m\xe2\x96\x80\x1b[0m\n");
}

TEST_CASE("without colours there are no escapes, and white is the fullest letter", "[drawing]") {
  Image image;
  image.Reshape(2, 1, 3, ElementType::kU8);
  image.pixels = {0, 0, 0, 255, 255, 255};
  CHECK(TerminalPicture(image, TerminalGraphics::kGrey) == " @\n");
}

}  // namespace
}  // namespace imnorm
