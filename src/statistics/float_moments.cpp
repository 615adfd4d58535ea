#include <algorithm>
#include <cmath>

#include "statistics/dyadic.h"
#include "statistics/moments.h"

namespace imnorm {
namespace {

void AddSquare(float a, float b, ExactSum* sum) {
  sum->Add(double(a) * double(b));  // 24 + 24 bits, exponents -298..256: exact in a double
}
void AddSquare(double a, double b, ExactSum* sum) { sum->AddProduct(a, b); }

template <typename Sample>
bool CountNonfinite(const Sample* pixel, size_t channel_stride, FloatSums* sums) {
  bool finite = true;
  for (size_t c = 0; c < size_t(sums->channels); ++c) {
    const Sample value = pixel[c * channel_stride];
    if (std::isfinite(value)) continue;
    finite = false;
    auto& counter = std::isnan(value) ? sums->nan
                    : value > 0       ? sums->positive_infinity
                                      : sums->negative_infinity;
    ++counter[c];
  }
  if (!finite) ++sums->nonfinite_pixels;
  return !finite;
}

template <typename Sample>
void AddPixels(const Sample* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
               FloatSums* sums) {
  const size_t channels = size_t(sums->channels);
  const bool with_cross = !sums->cross.empty();
  for (size_t i = 0; i < pixels; ++i) {
    const Sample* pixel = in + i * pixel_stride;
    if (CountNonfinite(pixel, channel_stride, sums)) continue;
    size_t pair = 0;
    for (size_t c = 0; c < channels; ++c) {
      const Sample value = pixel[c * channel_stride];
      sums->sum[c].Add(double(value));
      AddSquare(value, value, &sums->sum_squares[c]);
      const double plain = double(value) + 0.0;  // no -0, which min and max cannot order
      sums->min[c] = sums->pixels == 0 ? plain : std::min(sums->min[c], plain);
      sums->max[c] = sums->pixels == 0 ? plain : std::max(sums->max[c], plain);
      for (size_t other = c + 1; with_cross && other < channels; ++other, ++pair) {
        AddSquare(value, pixel[other * channel_stride], &sums->cross[pair]);
      }
    }
    ++sums->pixels;
  }
}

// n * products - a * b over n * (n - ddof).
struct PictureSpread {
  Dyadic numerator;
  Dyadic denominator;
};
PictureSpread Spread(uint64_t pixels, const ExactSum& products, const ExactSum& a,
                     const ExactSum& b, int ddof) {
  const Dyadic n(pixels);
  return {n * Dyadic(products) - Dyadic(a) * Dyadic(b), n * Dyadic(pixels - uint64_t(ddof))};
}

double PictureStd(const FloatSums& picture, size_t c, int ddof) {
  if (picture.pixels <= uint64_t(ddof)) return 0.0;
  const PictureSpread spread =
      Spread(picture.pixels, picture.sum_squares[c], picture.sum[c], picture.sum[c], ddof);
  return RoundSqrtRatio(spread.numerator, spread.denominator);
}

void AddCounts(const std::vector<uint64_t>& from, std::vector<uint64_t>* to) {
  for (size_t i = 0; i < from.size(); ++i) (*to)[i] += from[i];
}

}  // namespace

void FloatSums::Reset(int new_width, int new_height, int new_channels, bool with_cross) {
  const size_t count = size_t(new_channels);
  *this = {};
  width = new_width;
  height = new_height;
  channels = new_channels;
  sum.resize(count);
  sum_squares.resize(count);
  if (with_cross) cross.resize(count * (count - 1) / 2);
  min.resize(count);
  max.resize(count);
  nan.resize(count);
  positive_infinity.resize(count);
  negative_infinity.resize(count);
}

void AddFloatPixels(const float* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums) {
  AddPixels(in, pixels, pixel_stride, channel_stride, sums);
}

void AddFloatPixels(const double* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums) {
  AddPixels(in, pixels, pixel_stride, channel_stride, sums);
}

// The totals take the picture's sums as they are; the per-picture terms, of which only standard
// errors and by-image numbers are made, take them rounded to a double first.
void Moments::Add(const FloatSums& picture, const StatsSettings& settings) {
  ++images;
  if (picture.pixels == 0) return;
  const bool by_image = settings.weight == PixelWeight::kImage;
  const Dyadic n(picture.pixels);
  const double weight = by_image ? 1.0 : double(picture.pixels);
  std::vector<double> means;
  for (size_t c = 0; c < channels.size(); ++c) {
    ChannelMoments& channel = channels[c];
    means.push_back(RoundRatio(Dyadic(picture.sum[c]), n));
    const double std = PictureStd(picture, c, settings.ddof);
    double first = picture.sum[c].Rounded(), second = picture.sum_squares[c].Rounded();
    if (by_image) {
      const PictureSpread spread =
          Spread(picture.pixels, picture.sum_squares[c], picture.sum[c], picture.sum[c], 0);
      const double variance = RoundRatio(spread.numerator, spread.denominator);
      channel.image_second.AddProduct(means[c], means[c]);
      channel.image_second.Add(variance);
      first = means[c];
      second = means[c] * means[c] + variance;
    }
    channel.sum.Add(picture.sum[c]);
    channel.sum_squares.Add(picture.sum_squares[c]);
    channel.image_mean.Add(means[c]);
    channel.image_std.Add(std);
    channel.image_std_squares.AddProduct(std, std);
    channel.weight_first.AddProduct(weight, first);
    channel.weight_second.AddProduct(weight, second);
    channel.first_squares.AddProduct(first, first);
    channel.second_squares.AddProduct(second, second);
    channel.first_second.AddProduct(first, second);
    channel.min = measured == 0 ? picture.min[c] : std::min(channel.min, picture.min[c]);
    channel.max = measured == 0 ? picture.max[c] : std::max(channel.max, picture.max[c]);
  }
  size_t pair = 0;
  for (size_t a = 0; a < channels.size() && !cross.empty(); ++a) {
    for (size_t b = a + 1; b < channels.size(); ++b, ++pair) {
      cross[pair].Add(picture.cross[pair]);
      if (!by_image) continue;
      const PictureSpread spread =
          Spread(picture.pixels, picture.cross[pair], picture.sum[a], picture.sum[b], 0);
      image_cross[pair].AddProduct(means[a], means[b]);
      image_cross[pair].Add(RoundRatio(spread.numerator, spread.denominator));
    }
  }
  pixels.Add(picture.pixels);
  weight_squares.AddProduct(weight, weight);
  ++measured;
}

void AddNonfinite(const NonfiniteCounts& from, NonfiniteCounts* to) {
  to->inputs += from.inputs;
  to->pixels += from.pixels;
  AddCounts(from.nan, &to->nan);
  AddCounts(from.positive_infinity, &to->positive_infinity);
  AddCounts(from.negative_infinity, &to->negative_infinity);
  to->first.insert(to->first.end(), from.first.begin(), from.first.end());
  std::sort(to->first.begin(), to->first.end(),
            [](const NonfiniteInput& a, const NonfiniteInput& b) { return a.index < b.index; });
  if (to->first.size() > NonfiniteCounts::kMostNamed) {
    to->first.resize(NonfiniteCounts::kMostNamed);
  }
}

}  // namespace imnorm
