#include "statistics/moments.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "statistics/big_integer.h"

namespace imnorm {
namespace {

// 16-bit totals take 8-bit pictures at the same brightness: 255 * 257 == 65535.
constexpr uint64_t kWiden = 257;

// A picture's own standard deviation. pixels * squares >= sum^2 (Cauchy), and both fit 128 bits
// because each factor fits 64.
double PictureStd(uint64_t pixels, uint64_t sum, uint64_t squares, int ddof) {
  if (pixels <= uint64_t(ddof)) return 0.0;
  const Wide spread = Wide(pixels) * squares - Wide(sum) * sum;
  return std::sqrt(double(spread)) / std::sqrt(double(pixels) * double(pixels - uint64_t(ddof)));
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

void Moments::Reset(const StatsSettings& settings, bool with_histogram) {
  const size_t count = size_t(settings.channels);
  *this = {};
  channels.resize(count);
  if (settings.cross) cross.resize(count * (count - 1) / 2);
  if (settings.weight == PixelWeight::kImage) image_cross.resize(cross.size());
  if (!with_histogram) return;
  const size_t levels = settings.samples == SampleKind::kU8 ? 256 : 65536;
  for (ChannelMoments& channel : channels) channel.histogram.resize(levels);
}

void Moments::Add(const PictureSums& picture, const StatsSettings& settings) {
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
    const double std = PictureStd(picture.pixels, sum, squares, settings.ddof);
    channel.sum.Add(sum);
    channel.sum_squares.Add(squares);
    channel.image_mean.Add(mean);
    channel.image_std.Add(std);
    channel.image_std_squares.AddProduct(std, std);
    if (by_image) {
      const double second = double(squares) / n;
      channel.image_second.Add(second);
      AddProducts(mean, second, &channel);
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
  for (size_t pair = 0; pair < cross.size(); ++pair) {
    const uint64_t product = picture.cross[pair] * factor * factor;
    cross[pair].Add(product);
    if (by_image) image_cross[pair].Add(double(product) / n);
  }
  pixels.Add(picture.pixels);
  const uint64_t weight = by_image ? 1 : picture.pixels;
  weight_squares.AddProduct(weight, weight);
  ++measured;
}

void Moments::Add(const Moments& other) {
  for (size_t c = 0; c < channels.size(); ++c) {
    ChannelMoments& to = channels[c];
    const ChannelMoments& from = other.channels[c];
    for (ExactSum ChannelMoments::*member :
         {&ChannelMoments::sum, &ChannelMoments::sum_squares, &ChannelMoments::image_mean,
          &ChannelMoments::image_second, &ChannelMoments::image_std,
          &ChannelMoments::image_std_squares, &ChannelMoments::weight_first,
          &ChannelMoments::weight_second, &ChannelMoments::first_squares,
          &ChannelMoments::second_squares, &ChannelMoments::first_second}) {
      (to.*member).Add(from.*member);
    }
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

void SizeCounts::Add(int width, int height, uint64_t count) {
  widths[width] += count;
  heights[height] += count;
  const uint64_t area = uint64_t(width) * uint64_t(height);
  log2_pixels[int(std::bit_width(area)) - 1] += count;
  AddPair({width, height}, count);
}

void SizeCounts::AddPair(std::pair<int, int> size, uint64_t count) {
  if (pairs_given_up) return;
  pairs[size] += count;
  if (pairs.size() <= kMaxPairs) return;
  pairs.clear();
  pairs_given_up = true;
}

void SizeCounts::Add(const SizeCounts& other) {
  for (const auto& [size, count] : other.widths) widths[size] += count;
  for (const auto& [size, count] : other.heights) heights[size] += count;
  for (const auto& [log2, count] : other.log2_pixels) log2_pixels[log2] += count;
  if (other.pairs_given_up) pairs.clear();
  pairs_given_up = pairs_given_up || other.pairs_given_up;
  for (const auto& [size, count] : other.pairs) AddPair(size, count);
}

}  // namespace imnorm
