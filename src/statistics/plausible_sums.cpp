// The conditions that sums of real pixels meet, one by one.
#include "statistics/plausible_sums.h"

#include <fmt/format.h>

#include "imnorm/words.h"
#include "statistics/exact_compare.h"
#include "statistics/gram.h"
#include "statistics/names.h"
#include "statistics/plausible_pairs.h"

namespace imnorm {
namespace {

using Number = Dyadic;

class Check {
 public:
  Check(const GroupMoments& moments, const StatsSettings& settings, const AreaBounds& areas)
      : moments_(moments),
        settings_(settings),
        areas_(areas),
        whole_(settings.samples != SampleKind::kFloat),
        by_image_(settings.weight == PixelWeight::kImage),
        n_(moments.pixels),
        m_(moments.measured),
        ww_(moments.weight_squares),
        rounding_(n_) {}

  std::string Run() {
    Counts();
    if (!fault_.empty()) return fault_;
    if (moments_.measured == 0) {
      Nothing();
      return fault_;
    }
    // More than one picture can hold: all the others hold 1 pixel at least.
    most_ = Smaller(areas_.most, n_ - m_ + one_);
    alike_ = Equal(n_, m_ * most_);  // every picture counts `most_` pixels
    Weights();
    for (const ChannelMoments& channel : moments_.channels) {
      if (!fault_.empty()) break;
      OfChannel(channel);
    }
    if (fault_.empty()) fault_ = ImplausiblePairs(moments_, settings_, alike_ ? most_ : zero_);
    return fault_;
  }

 private:
  void Expect(bool sound, std::string_view otherwise) {
    if (!sound && fault_.empty()) fault_ = otherwise;
  }

  void Counts() {
    Expect(moments_.measured <= moments_.images, "\"measured\" exceeds \"images\"");
    Expect(IsWhole(n_) && !n_.negative(), "\"pixels\" is no count");
    Expect(n_.IsZero() == (moments_.measured == 0) && AtMost(m_, n_),
           "\"pixels\" and \"measured\" contradict each other");
    Expect(AtMost(n_, areas_.all), "\"pixels\" is more than the pictures' \"sizes\" hold");
  }

  void Nothing() {
    const auto none = [&](const ExactSum& sum, std::string_view key) {
      Expect(sum.IsZero(), fmt::format("\"{}\" is not 0, though no pixel was counted", key));
    };
    none(moments_.weight_squares, "weight_squares");
    for (const ChannelMoments& channel : moments_.channels) {
      for (const NamedSum& named : kChannelSums) none(channel.*named.member, named.key);
    }
    for (const ExactSum& sum : moments_.cross) none(sum, "cross");
    for (const ExactSum& sum : moments_.image_cross) none(sum, "image_cross");
  }

  void Weights() {
    constexpr std::string_view kFault = "\"weight_squares\" is not that of so many pixels";
    if (by_image_) return Expect(Equal(ww_, m_), "\"weight_squares\" is not \"measured\"");
    Expect(IsWhole(ww_) && IsOdd(ww_) == IsOdd(n_), kFault);
    Expect(AtMost(Square(n_), m_ * ww_) && AtMost(ww_, most_ * n_), kFault);
    if (alike_) Expect(Equal(ww_, most_ * n_), kFault);
  }

  void OfChannel(const ChannelMoments& of) {
    const ChannelSums c(of);
    Extremes(c);
    if (!fault_.empty()) return;
    Moments(c);
    Products(of, c);
    ImageMeans(of, c);
    ImageStds(of, c);
    if (by_image_) ImageSeconds(of, c);
  }

  void Extremes(const ChannelSums& c) {
    Expect(AtMost(c.low, c.high), "\"min\" exceeds \"max\"");
    if (!whole_) return;
    const uint64_t top = settings_.samples == SampleKind::kU8 ? 255 : 65535;
    const auto fits = [&](const Number& value, std::string_view key) {
      Expect(IsWhole(value) && !value.negative() && AtMost(value, Number(top)),
             fmt::format("\"{}\" is no sample of {}", key, WordOf(settings_.samples)));
    };
    fits(c.low, "min");
    fits(c.high, "max");
  }

  // One pixel is the smallest and one the largest; the rest lies between them.
  void Moments(const ChannelSums& c) {
    const bool flat = Equal(c.low, c.high);
    const Number rest = flat ? n_ : n_ - two_;
    const Number sum = flat ? c.sum : c.sum - c.low - c.high;
    const Number squares = flat ? c.squares : c.squares - Square(c.low) - Square(c.high);
    Expect(!rest.negative(), "\"min\" and \"max\" of a single pixel differ");
    Expect(AtMost(rest * c.low, sum) && AtMost(sum, rest * c.high),
           "\"sum\" is not between what \"min\" and \"max\" allow");
    Expect(AtMost(Square(sum), rest * squares), "\"sum_squares\" is less than \"sum\" allows");
    // The sum of (x - low)(high - x), which no pixel makes negative.
    Expect(AtMost(squares, (c.low + c.high) * sum - rest * c.low * c.high),
           "\"sum_squares\" is more than \"sum\", \"min\" and \"max\" allow");
    if (!whole_) return;
    Expect(IsWhole(c.sum), "\"sum\" is not whole");
    Expect(IsWhole(c.squares) && IsOdd(c.squares) == IsOdd(c.sum),
           "\"sum_squares\" is not that of whole numbers with this \"sum\"");
  }

  // Pictures count 1 to `most_` pixels each, so the sum over pixels is 1 to `most_` times that over
  // pictures, seen from either end of the range.
  void ImageMeans(const ChannelMoments& of, const ChannelSums& c) {
    const Number images = c.image_mean - m_ * c.low, images_above = m_ * c.high - c.image_mean;
    const Number pixels = c.sum - n_ * c.low, pixels_above = n_ * c.high - c.sum;
    const Number slack = rounding_.Slack(n_ * c.reach);
    const auto within = [&](const Number& a, const Number& b) {
      return !a.negative() && AtMost(a, b + slack) && AtMost(b, most_ * a + slack);
    };
    Expect(within(images, pixels) && within(images_above, pixels_above),
           "\"image_mean\" contradicts \"sum\"");
    if (by_image_) {
      Expect(Equal(Number(of.weight_first), c.image_mean),
             "\"weight_first\" is not \"image_mean\"");
    }
  }

  void ImageStds(const ChannelMoments& of, const ChannelSums& c) {
    const Number stds(of.image_std), squares(of.image_std_squares);
    // Half the range, and with ddof 1 at most sqrt(2) times as much (a picture of 2 pixels).
    const Number most = Square(c.high - c.low), parts = settings_.ddof == 0 ? four_ : two_;
    Expect(!stds.negative() && AtMost(Square(stds), m_ * squares),
           "\"image_std\" is more than \"image_std_squares\" allows");
    Expect(
        AtMost(parts * Square(squares), most * Square(stds) + rounding_.Slack(most * Square(stds))),
        "\"image_std_squares\" is more than \"image_std\", \"min\" and \"max\" allow");
    if (moments_.measured == 1) {
      Expect(Equal(Square(stds), squares), "\"image_std_squares\" is not that of one picture");
    }
    // What pictures vary within themselves is no more than all pixels vary.
    const Number spread = n_ * c.squares - Square(c.sum);
    Expect(AtMost(n_ * squares, spread + rounding_.Slack(n_ * c.squares)),
           "\"image_std_squares\" is more than \"sum_squares\" allows");
    const Number freedom = most_ - Number(uint64_t(settings_.ddof));
    if (!alike_ || by_image_ || freedom.IsZero()) return;
    // Equal pictures: sum of squares less that of the pictures' means.
    const Number within = most_ * c.squares - Number(of.first_squares);
    Expect(rounding_.Near(squares * freedom * most_, within, most_ * c.squares),
           "\"image_std_squares\" contradicts \"sum_squares\"");
  }

  // Second moments of pictures: the square of the mean, and the variance.
  void ImageSeconds(const ChannelMoments& of, const ChannelSums& c) {
    constexpr std::string_view kFault = "\"image_second\" contradicts \"sum_squares\"";
    const Number variances = c.image_second - Number(of.first_squares);
    const Number stds(of.image_std_squares);
    Expect(!variances.negative(), "\"image_second\" is less than \"first_squares\" allows");
    Expect(AtMost(c.image_second, c.squares + rounding_.Slack(c.squares)), kFault);
    Expect(AtMost(c.squares, most_ * c.image_second + rounding_.Slack(c.squares)), kFault);
    Expect(rounding_.Near(Number(of.weight_second), c.image_second, c.image_second),
           "\"weight_second\" is not \"image_second\"");
    const bool fits = settings_.ddof == 0
                          ? rounding_.Near(stds, variances, stds)
                          : AtMost(variances, stds + rounding_.Slack(stds)) &&
                                AtMost(stds, two_ * variances + rounding_.Slack(stds));
    Expect(fits, "\"image_second\" contradicts \"image_std_squares\"");
  }

  // The vectors are over pictures: 1, weight, first and second moment times weight.
  void Products(const ChannelMoments& of, const ChannelSums& c) {
    const Number wa(of.weight_first), wb(of.weight_second);
    const Number aa(of.first_squares), bb(of.second_squares), ab(of.first_second);
    if (whole_ && !by_image_) {
      for (const NamedSum& named : kChannelSums) {
        if (named.of_weights) {
          Expect(IsWhole(Number(of.*named.member)), fmt::format("\"{}\" is not whole", named.key));
        }
      }
    }
    const auto between = [&](const Number& low, const Number& value, const Number& high,
                             const Number& magnitude) {
      const Number slack = whole_ && !by_image_ ? zero_ : rounding_.Slack(magnitude);
      return AtMost(low, value + slack) && AtMost(value, high + slack);
    };
    const Number reach = c.reach * ww_, top = c.top * ww_;
    Expect(between(c.low * ww_, wa, c.high * ww_, reach),
           "\"weight_first\" is not between what \"min\" and \"max\" allow");
    // As of the pixels: no pixel is outside, so no picture's mean is, nor less its square.
    const Number arch = (c.low + c.high) * wa - ww_ * c.low * c.high;
    Expect(between(aa, wb, arch, top),
           "\"weight_second\" is not between what \"first_squares\" and \"weight_first\" allow");
    Expect(between(zero_, bb, c.top * wb, c.top * top),
           "\"second_squares\" is more than \"weight_second\" allows");
    Expect(between(c.low * wb, ab, c.high * wb, c.reach * top),
           "\"first_second\" is not between what \"weight_second\" allows");
    // The sums over pictures of what was rounded a picture are not known without rounding.
    const bool ones = whole_ || by_image_;
    const Number first = by_image_ ? wa : c.sum, second = by_image_ ? wb : c.squares;
    std::vector<std::vector<Number>> gram = {{ww_, wa, wb}, {wa, aa, ab}, {wb, ab, bb}};
    if (by_image_) {
      gram = {{m_, first, second}, {first, aa, ab}, {second, ab, bb}};
    } else if (ones) {
      gram = {
          {m_, n_, first, second}, {n_, ww_, wa, wb}, {first, wa, aa, ab}, {second, wb, ab, bb}};
    } else {
      Expect(AtMost(Square(first), m_ * aa + rounding_.Slack(m_ * aa)) &&
                 AtMost(Square(second), m_ * bb + rounding_.Slack(m_ * bb)),
             "\"first_squares\" or \"second_squares\" is less than the sums allow");
    }
    const std::optional<size_t> rank = GramRank(std::move(gram));
    Expect(rank && *rank <= moments_.measured,
           "\"weight_first\", \"weight_second\", \"first_squares\", \"second_squares\" and "
           "\"first_second\" contradict each other");
    if (!alike_ || by_image_) return;
    const auto same = [&](const Number& a, const Number& b, const Number& magnitude) {
      return whole_ ? Equal(a, b) : rounding_.Near(a, b, magnitude);
    };
    Expect(same(wa, most_ * c.sum, reach), "\"weight_first\" contradicts \"sum\"");
    Expect(same(wb, most_ * c.squares, top), "\"weight_second\" contradicts \"sum_squares\"");
  }

  const GroupMoments& moments_;
  const StatsSettings& settings_;
  const AreaBounds& areas_;
  const bool whole_, by_image_;
  const Number zero_, one_{uint64_t{1}}, two_{uint64_t{2}}, four_{uint64_t{4}};
  const Number n_, m_, ww_;  // pixels, pictures that have any, squares of the pictures' weights
  const Rounding rounding_;
  Number most_;
  bool alike_ = false;
  std::string fault_;
};

}  // namespace

std::string ImplausibleSums(const GroupMoments& moments, const StatsSettings& settings,
                            const AreaBounds& areas) {
  return Check(moments, settings, areas).Run();
}

}  // namespace imnorm
