// Adds up pictures of floats, exactly.
#include <algorithm>

#include "statistics/dyadic.h"
#include "statistics/moments.h"

namespace imnorm {
namespace {

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

// The totals take the picture's sums as they are; the per-picture terms, of which only standard
// errors and by-image numbers are made, take them rounded to a double first.
void GroupMoments::Add(const FloatSums& picture, const StatsSettings& settings) {
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
