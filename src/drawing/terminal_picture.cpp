// Writes a picture in the language of a terminal.
#include "drawing/terminal_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "drawing/png_file.h"
#include "json/path_text.h"

namespace imnorm {
namespace {

constexpr size_t kKittyPiece = 4096;

std::string PngText(const Image& image) {
  const auto png = EncodePng(image);
  if (!png) return "";
  return Base64({reinterpret_cast<const char*>(png->data()), png->size()});
}

std::string Kitty(const Image& image) {
  const std::string data = PngText(image);
  std::string text;
  for (size_t at = 0; at < data.size(); at += kKittyPiece) {
    const bool more = at + kKittyPiece < data.size();
    text += fmt::format("\x1b_G{}m={};{}\x1b\\", at == 0 ? "a=T,f=100," : "", more ? 1 : 0,
                        data.substr(at, kKittyPiece));
  }
  return text + "\n";
}

std::string Iterm(const Image& image) {
  const std::string data = PngText(image);
  return fmt::format("\x1b]1337;File=inline=1;size={};preserveAspectRatio=1:{}\a\n",
                     data.size() / 4 * 3, data);
}

// Levels 0..5 of each colour by Floyd and Steinberg's diffusion: r * 36 + g * 6 + b.
std::vector<uint8_t> Dithered(const Image& image) {
  std::vector<uint8_t> indices(size_t(image.width) * size_t(image.height), 0);
  constexpr int kWeights[3] = {36, 6, 1};
  for (int c = 0; c < 3; ++c) {
    std::vector<int> now(size_t(image.width) + 2, 0);
    std::vector<int> next(now.size(), 0);
    for (int y = 0; y < image.height; ++y) {
      std::fill(next.begin(), next.end(), 0);
      for (int x = 0; x < image.width; ++x) {
        const int wanted = image.row(y)[3 * x + c] + now[size_t(x) + 1] / 16;
        const int level = std::clamp((wanted + 25) / 51, 0, 5);
        const int error = std::clamp(wanted - level * 51, -128, 127);
        now[size_t(x) + 2] += error * 7;
        next[size_t(x)] += error * 3;
        next[size_t(x) + 1] += error * 5;
        next[size_t(x) + 2] += error;
        indices[size_t(y) * size_t(image.width) + size_t(x)] += uint8_t(level * kWeights[c]);
      }
      std::swap(now, next);
    }
  }
  return indices;
}

void AppendRun(std::string& text, char sixel, int count) {
  if (count > 3) {
    fmt::format_to(std::back_inserter(text), "!{}{}", count, sixel);
  } else {
    text.append(size_t(count), sixel);
  }
}

std::string Sixel(const Image& image) {
  const std::vector<uint8_t> indices = Dithered(image);
  std::string text = fmt::format("\x1bPq\"1;1;{};{}", image.width, image.height);
  for (int i = 0; i < 216; ++i) {
    fmt::format_to(std::back_inserter(text), "#{};2;{};{};{}", i, i / 36 * 20, i / 6 % 6 * 20,
                   i % 6 * 20);
  }
  for (int top = 0; top < image.height; top += 6) {
    const int rows = std::min(6, image.height - top);
    const auto at = [&](int x, int y) {
      return indices[size_t(top + y) * size_t(image.width) + size_t(x)];
    };
    std::vector<bool> present(216, false);
    for (int y = 0; y < rows; ++y) {
      for (int x = 0; x < image.width; ++x) present[at(x, y)] = true;
    }
    for (int colour = 0; colour < 216; ++colour) {
      if (!present[size_t(colour)]) continue;
      fmt::format_to(std::back_inserter(text), "#{}", colour);
      char last = 0;
      int run = 0;
      for (int x = 0; x < image.width; ++x) {
        int bits = 0;
        for (int y = 0; y < rows; ++y) bits |= int(at(x, y) == colour) << y;
        const char sixel = char(63 + bits);
        if (run > 0 && sixel != last) {
          AppendRun(text, last, run);
          run = 0;
        }
        last = sixel;
        ++run;
      }
      AppendRun(text, last, run);
      text += '$';
    }
    text += '-';
  }
  return text + "\x1b\\\n";
}

std::string Blocks(const Image& image) {
  std::string text;
  for (int y = 0; y < image.height; y += 2) {
    const uint8_t* upper = image.row(y);
    const uint8_t* lower = y + 1 < image.height ? image.row(y + 1) : nullptr;
    for (int x = 0; x < image.width; ++x, upper += 3) {
      fmt::format_to(std::back_inserter(text), "\x1b[38;2;{};{};{}m", upper[0], upper[1], upper[2]);
      if (lower != nullptr) {
        fmt::format_to(std::back_inserter(text), "\x1b[48;2;{};{};{}m", lower[0], lower[1],
                       lower[2]);
        lower += 3;
      }
      text += "\xe2\x96\x80";  // U+2580, the upper half of a block
    }
    text += "\x1b[0m\n";
  }
  return text;
}

std::string Grey(const Image& image) {
  constexpr char kRamp[] = " .:-=+*#%@";
  std::string text;
  for (int y = 0; y < image.height; y += 2) {
    for (int x = 0; x < image.width; ++x) {
      const uint8_t* pixel = image.row(y) + 3 * x;
      const int level = (299 * pixel[0] + 587 * pixel[1] + 114 * pixel[2]) / 1000;
      text += kRamp[level * 10 / 256];
    }
    text += '\n';
  }
  return text;
}

}  // namespace

std::string TerminalPicture(const Image& image, TerminalGraphics graphics) {
  switch (graphics) {
    case TerminalGraphics::kKitty:
      return Kitty(image);
    case TerminalGraphics::kIterm:
      return Iterm(image);
    case TerminalGraphics::kSixel:
      return Sixel(image);
    case TerminalGraphics::kGrey:
      return Grey(image);
    case TerminalGraphics::kBlocks:
      break;
  }
  return Blocks(image);
}

}  // namespace imnorm
