// Two channels at a time: Cauchy's inequality, and the corners of their ranges.
#include "statistics/plausible_pairs.h"

#include "statistics/exact_compare.h"

namespace imnorm {
namespace {

// First and second moment of a channel over pixels, or over pictures.
struct Moments {
  const ChannelSums& channel;
  const Dyadic& sum;
  const Dyadic& squares;
};

// Whether `product` is a sum of x y over `count`; null for sums that nothing was rounded in.
bool IsProduct(const Dyadic& count, const Dyadic& product, const Moments& x, const Moments& y,
               const Rounding* rounding) {
  const Dyadic wide = count * x.channel.reach * y.channel.reach;
  const Dyadic slack = rounding ? rounding->Slack(wide) : Dyadic();
  // The sum of (x - p)(y - q), for the corners of the range.
  const auto corner = [&](const Dyadic& p, const Dyadic& q) {
    return product - q * x.sum - p * y.sum + count * p * q;
  };
  if ((corner(x.channel.low, y.channel.low) + slack).negative()) return false;
  if ((corner(x.channel.high, y.channel.high) + slack).negative()) return false;
  if (!AtMost(corner(x.channel.low, y.channel.high), slack)) return false;
  if (!AtMost(corner(x.channel.high, y.channel.low), slack)) return false;
  const Dyadic both = (count * x.squares - Square(x.sum)) * (count * y.squares - Square(y.sum));
  const Dyadic far = rounding ? rounding->Slack(Square(count * wide)) : Dyadic();
  return AtMost(Square(count * product - x.sum * y.sum), both + far);
}

std::string FaultOfPair(const GroupMoments& moments, const StatsSettings& settings, size_t pair,
                        const ChannelSums& x, const ChannelSums& y, const Dyadic& alike) {
  const Dyadic pixels(moments.pixels), images(moments.measured), cross(moments.cross[pair]);
  if (settings.samples != SampleKind::kFloat && !IsWhole(cross)) return "\"cross\" is not whole";
  if (!IsProduct(pixels, cross, {x, x.sum, x.squares}, {y, y.sum, y.squares}, nullptr)) {
    return "\"cross\" is not between what the sums of its channels allow";
  }
  if (settings.weight != PixelWeight::kImage) return "";
  const Rounding rounding(pixels);
  const Dyadic of_images(moments.image_cross[pair]);
  if (!IsProduct(images, of_images, {x, x.image_mean, x.image_second},
                 {y, y.image_mean, y.image_second}, &rounding)) {
    return "\"image_cross\" is not between what the sums of its channels allow";
  }
  if (!alike.IsZero() && !rounding.Near(alike * of_images, cross, pixels * x.reach * y.reach)) {
    return "\"image_cross\" contradicts \"cross\"";
  }
  return "";
}

}  // namespace

std::string ImplausiblePairs(const GroupMoments& moments, const StatsSettings& settings,
                             const Dyadic& alike) {
  size_t pair = 0;
  const size_t count = moments.channels.size();
  for (size_t a = 0; a < count && !moments.cross.empty(); ++a) {
    const ChannelSums x(moments.channels[a]);
    for (size_t b = a + 1; b < count; ++b, ++pair) {
      const ChannelSums y(moments.channels[b]);
      if (std::string fault = FaultOfPair(moments, settings, pair, x, y, alike); !fault.empty()) {
        return fault;
      }
    }
  }
  return "";
}

}  // namespace imnorm
