// Adds pictures to a population's sums, and populations to each other.
#include "statistics/moments.h"

#include <algorithm>
#include <cmath>

#include "statistics/big_integer.h"

namespace imnorm {
namespace {

// 16-bit totals take 8-bit pictures at the same brightness: 255 * 257 == 65535.
constexpr uint64_t kWiden = 257;

// pixels * products - a * b: the picture's own (co)variance times pixels^2. All factors fit 64
// bits, so both products fit 128.
double Spread(uint64_t pixels, uint64_t products, uint64_t a, uint64_t b) {
  const Wide x = Wide(pixels) * products, y = Wide(a) * b;
  return x >= y ? double(x - y) : -double(y - x);
}

double PictureStd(uint64_t pixels, double spread, int ddof) {
  if (pixels <= uint64_t(ddof)) return 0.0;
  return std::sqrt(spread / (double(pixels) * double(pixels - uint64_t(ddof))));
}

void AddProducts(double first, double second, ChannelMoments* channel) {
  channel->weight_first.Add(first);
  channel->weight_second.Add(second);
  channel->first_squares.AddProduct(first, first);
  channel->second_squares.AddProduct(second, second);
  channel->first_second.AddProduct(first, second);
}

void AddProducts(uint64_t weight, uint64_t first, uint64_t second, ChannelMoments* channel) {
  channel->weight_first.AddProduct(weight, first);
  channel->weight_second.AddProduct(weight, second);
  channel->first_squares.AddProduct(first, first);
  channel->second_squares.AddProduct(second, second);
  channel->first_second.AddProduct(first, second);
}

}  // namespace

void GroupMoments::Reset(const StatsSettings& settings, bool with_histogram) {
  const size_t count = size_t(settings.channels);
  *this = {};
  channels.resize(count);
  if (settings.cross) cross.resize(count * (count - 1) / 2);
  if (settings.weight == PixelWeight::kImage) image_cross.resize(cross.size());
  if (!with_histogram) return;
  const size_t levels = settings.samples == SampleKind::kU8 ? 256 : 65536;
  for (ChannelMoments& channel : channels) channel.histogram.resize(levels);
}

void GroupMoments::Add(const PictureSums& picture, const StatsSettings& settings) {
  ++images;
  if (picture.pixels == 0) return;
  const bool widen = settings.samples == SampleKind::kU16 && picture.levels == 256;
  const uint64_t factor = widen ? kWiden : 1;
  const bool by_image = settings.weight == PixelWeight::kImage;
  const double n = double(picture.pixels);
  for (size_t c = 0; c < channels.size(); ++c) {
    ChannelMoments& channel = channels[c];
    const uint64_t sum = picture.sum[c] * factor;
    const uint64_t squares = picture.sum_squares[c] * factor * factor;
    const double mean = double(sum) / n;
    const double spread = Spread(picture.pixels, squares, sum, sum);
    const double std = PictureStd(picture.pixels, spread, settings.ddof);
    channel.sum.Add(sum);
    channel.sum_squares.Add(squares);
    channel.image_mean.Add(mean);
    channel.image_std.Add(std);
    channel.image_std_squares.AddProduct(std, std);
    if (by_image) {
      const double variance = spread / (n * n);
      channel.image_second.AddProduct(mean, mean);
      channel.image_second.Add(variance);
      AddProducts(mean, mean * mean + variance, &channel);
    } else {
      AddProducts(picture.pixels, sum, squares, &channel);
    }
    const double low = double(picture.min[c] * factor), high = double(picture.max[c] * factor);
    channel.min = measured == 0 ? low : std::min(channel.min, low);
    channel.max = measured == 0 ? high : std::max(channel.max, high);
    if (channel.histogram.empty()) continue;
    const size_t levels = size_t(picture.levels);
    for (size_t level = 0; level < levels; ++level) {
      channel.histogram[level * factor] += picture.histogram[c * levels + level];
    }
  }
  size_t pair = 0;
  for (size_t a = 0; a < channels.size() && !cross.empty(); ++a) {
    for (size_t b = a + 1; b < channels.size(); ++b, ++pair) {
      const uint64_t sum_a = picture.sum[a] * factor, sum_b = picture.sum[b] * factor;
      const uint64_t products = picture.cross[pair] * factor * factor;
      cross[pair].Add(products);
      if (!by_image) continue;
      image_cross[pair].AddProduct(double(sum_a) / n, double(sum_b) / n);
      image_cross[pair].Add(Spread(picture.pixels, products, sum_a, sum_b) / (n * n));
    }
  }
  pixels.Add(picture.pixels);
  const uint64_t weight = by_image ? 1 : picture.pixels;
  weight_squares.AddProduct(weight, weight);
  ++measured;
}

void GroupMoments::Add(const GroupMoments& other) {
  for (size_t c = 0; c < channels.size(); ++c) {
    ChannelMoments& to = channels[c];
    const ChannelMoments& from = other.channels[c];
    for (const NamedSum& named : kChannelSums) (to.*named.member).Add(from.*named.member);
    if (other.measured != 0) {
      to.min = measured == 0 ? from.min : std::min(to.min, from.min);
      to.max = measured == 0 ? from.max : std::max(to.max, from.max);
    }
    for (size_t i = 0; i < to.histogram.size(); ++i) to.histogram[i] += from.histogram[i];
  }
  for (size_t i = 0; i < cross.size(); ++i) cross[i].Add(other.cross[i]);
  for (size_t i = 0; i < image_cross.size(); ++i) image_cross[i].Add(other.image_cross[i]);
  pixels.Add(other.pixels);
  weight_squares.Add(other.weight_squares);
  images += other.images;
  measured += other.measured;
}

}  // namespace imnorm
