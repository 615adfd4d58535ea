// Moments of the channels and of the two opponent colours.
#include "statistics/picture_colours.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace imnorm {
namespace {

class Moments {
 public:
  void Add(double value) {
    sum_ += value;
    squares_ += value * value;
    ++count_;
  }
  double mean() const { return sum_ / double(count_); }
  double variance() const { return std::max(0.0, squares_ / double(count_) - mean() * mean()); }

 private:
  double sum_ = 0.0;
  double squares_ = 0.0;
  size_t count_ = 0;
};

}  // namespace

PictureColours ColoursOf(const std::vector<uint8_t>& rgb) {
  std::array<Moments, 3> channels;
  Moments red_green, yellow_blue;
  for (size_t i = 0; i + 2 < rgb.size(); i += 3) {
    const double r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
    channels[0].Add(r);
    channels[1].Add(g);
    channels[2].Add(b);
    red_green.Add(r - g);
    yellow_blue.Add((r + g) / 2 - b);
  }
  PictureColours colours;
  for (size_t c = 0; c < 3; ++c) {
    colours.mean[c] = channels[c].mean();
    colours.std[c] = std::sqrt(channels[c].variance());
  }
  const auto& mean = colours.mean;
  colours.brightness =
      std::sqrt(0.241 * mean[0] * mean[0] + 0.691 * mean[1] * mean[1] + 0.068 * mean[2] * mean[2]) /
      255.0;
  colours.colourfulness = std::sqrt(red_green.variance() + yellow_blue.variance()) +
                          0.3 * std::hypot(red_green.mean(), yellow_blue.mean());
  return colours;
}

std::vector<double> DistancesFromAll(const std::vector<PictureColours>& pictures) {
  std::vector<double> distances(pictures.size(), 0.0);
  for (size_t feature = 0; feature < 6; ++feature) {
    const auto value = [&](const PictureColours& p) {
      return feature < 3 ? p.mean[feature] : p.std[feature - 3];
    };
    Moments all;
    for (const PictureColours& picture : pictures) all.Add(value(picture));
    const double spread = std::sqrt(all.variance());
    if (!(spread > 0.0)) continue;
    for (size_t i = 0; i < pictures.size(); ++i) {
      const double z = (value(pictures[i]) - all.mean()) / spread;
      distances[i] += z * z / 6.0;
    }
  }
  for (double& distance : distances) distance = std::sqrt(distance);
  return distances;
}

}  // namespace imnorm
