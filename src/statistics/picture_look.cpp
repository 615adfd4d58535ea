// Counts of samples and brightness; edges and hash of the small picture.
#include "statistics/picture_look.h"

#include <algorithm>
#include <cmath>

namespace imnorm {
namespace {

constexpr uint32_t kRed = 241, kGreen = 691, kBlue = 68;  // thousandths, of squares

double Std(double sum, double squares, double n) {
  const double mean = sum / n;
  return std::sqrt(std::max(0.0, squares / n - mean * mean));
}

// Pillow's convert("L").
std::vector<uint8_t> Gray(const std::vector<uint8_t>& rgb) {
  std::vector<uint8_t> gray(rgb.size() / 3);
  for (size_t i = 0; i < gray.size(); ++i) {
    const uint8_t* p = rgb.data() + 3 * i;
    gray[i] = uint8_t((p[0] * 19595u + p[1] * 38470u + p[2] * 7471u + 0x8000u) >> 16);
  }
  return gray;
}

double EdgesOf(const std::vector<uint8_t>& gray, int width, int height) {
  double sum = 0.0;
  double squares = 0.0;
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto at = [&](int dy, int dx) {
        return int(gray[size_t(y + dy) * size_t(width) + size_t(x + dx)]);
      };
      int value = at(0, 0);
      if (y > 0 && x > 0 && y < height - 1 && x < width - 1) {
        int around = 0;
        for (int dy = -1; dy <= 1; ++dy) around += at(dy, -1) + at(dy, 0) + at(dy, 1);
        value = std::clamp(9 * at(0, 0) - around, 0, 255);
      }
      sum += value;
      squares += double(value) * value;
    }
  }
  return Std(sum, squares, double(gray.size()));
}

double EvennessOf(const std::vector<uint8_t>& gray) {
  std::array<int, 256> counts = {};
  for (const uint8_t level : gray) ++counts[level];
  double squares = 0.0;
  for (const int count : counts) squares += double(count) * count;
  return Std(double(gray.size()), squares, 256.0);
}

// Mean level of part (column, row) of 9 x 8.
double PartOf(const std::vector<uint8_t>& gray, int width, int height, int column, int row) {
  const auto edges = [](int i, int parts, int size) {
    const int begin = i * size / parts;
    return std::pair(begin, std::max(begin + 1, (i + 1) * size / parts));
  };
  const auto [left, right] = edges(column, 9, width);
  const auto [top, bottom] = edges(row, 8, height);
  double sum = 0.0;
  for (int y = top; y < bottom; ++y) {
    for (int x = left; x < right; ++x) sum += gray[size_t(y) * size_t(width) + size_t(x)];
  }
  return sum / double((bottom - top) * (right - left));
}

uint64_t DifferenceHash(const std::vector<uint8_t>& gray, int width, int height) {
  uint64_t hash = 0;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) {
      const bool rises =
          PartOf(gray, width, height, column + 1, row) > PartOf(gray, width, height, column, row);
      hash = hash << 1 | uint64_t(rises);
    }
  }
  return hash;
}

}  // namespace

void LookSums::Reset() {
  counts_ = {};
  std::fill(brightness_.begin(), brightness_.end(), 0);
  pixels_ = 0;
  gray_ = true;
}

void LookSums::Add(const uint8_t* rgb, size_t pixels) {
  pixels_ += pixels;
  bool gray = gray_;
  for (size_t i = 0; i < pixels; ++i, rgb += 3) {
    const uint32_t r = rgb[0], g = rgb[1], b = rgb[2];
    ++counts_[0][r];
    ++counts_[1][g];
    ++counts_[2][b];
    ++brightness_[(kRed * r * r + kGreen * g * g + kBlue * b * b) >> kShift];
    gray = gray && r == g && g == b;
  }
  gray_ = gray;
}

double LookSums::PercentileOfBrightness(double percent) const {
  // numpy's: linear between the two samples that it falls between.
  const double rank = percent / 100.0 * double(pixels_ - 1);
  const auto sample = [&](uint64_t number) {
    uint64_t seen = 0;
    for (size_t bin = 0; bin < brightness_.size(); ++bin) {
      seen += brightness_[bin];
      if (seen > number) {
        const double square = (double(bin) + (bin == 0 ? 0.0 : 0.5)) * (1 << kShift) / 1000.0;
        return std::min(1.0, std::sqrt(square) / 255.0);
      }
    }
    return 1.0;
  };
  const auto low = uint64_t(rank);
  const double part = rank - double(low);
  const double a = sample(low);
  return part == 0.0 ? a : a + part * (sample(std::min(low + 1, pixels_ - 1)) - a);
}

void LookSums::Finish(PictureLook& look) const {
  look.gray = gray_;
  look.dark_end = PercentileOfBrightness(99);
  look.bright_end = PercentileOfBrightness(5);
  look.entropy = 0.0;
  const double total = double(pixels_) * (gray_ ? 1 : 3);
  for (size_t c = 0; c < (gray_ ? 1u : 3u); ++c) {
    for (const uint64_t count : counts_[c]) {
      if (count == 0) continue;
      const double share = double(count) / total;
      look.entropy -= share * std::log2(share);
    }
  }
}

void LookAtSmall(const std::vector<uint8_t>& rgb, int width, int height, PictureLook& look) {
  const std::vector<uint8_t> gray = Gray(rgb);
  look.edges = EdgesOf(gray, width, height);
  look.evenness = EvennessOf(gray);
  look.difference_hash = DifferenceHash(gray, width, height);
}

double SharpnessScore(const PictureLook& look) {
  constexpr double kEvenHistogram = 0.18;
  const double edges = 1.0 - std::exp(-0.01 * look.edges);
  const double evenness = 1.0 - std::exp(-0.01 * look.evenness);
  return std::min(1.0, edges + (evenness <= kEvenHistogram ? 0.0 : evenness));
}

}  // namespace imnorm
