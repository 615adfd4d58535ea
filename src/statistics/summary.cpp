// Computes mean, std and their errors from exact sums, each rounded once.
#include "statistics/summary.h"

#include <algorithm>

#include "statistics/dyadic.h"

namespace imnorm {
namespace {

Dyadic Square(const Dyadic& x) { return x * x; }
Dyadic Twice(const Dyadic& x) { return x * Dyadic(uint64_t{2}); }

// numerator / denominator, both exact; denominator > 0.
struct Ratio {
  Dyadic numerator;
  Dyadic denominator;
  double Rounded() const { return RoundRatio(numerator, denominator); }
  double Root() const { return RoundSqrtRatio(numerator, denominator); }
};

// The totals of one channel in the terms of the chosen weight: sums over pictures of weight, first
// and second moment. Mean is first / weight, variance second / weight - mean^2.
struct Weighed {
  Dyadic weight, first, second;
};

class Summarizer {
 public:
  Summarizer(const GroupMoments& moments, const StatsSettings& settings, uint64_t drawn)
      : moments_(moments),
        settings_(settings),
        scale_(settings.scale),
        pixels_(moments.pixels),
        measured_(moments.measured),
        drawn_(drawn),
        by_image_(settings.weight == PixelWeight::kImage) {}

  Summary Run() const {
    Summary out;
    for (size_t c = 0; c < moments_.channels.size(); ++c) AddChannel(c, &out);
    if (!moments_.cross.empty() || (settings_.cross && settings_.channels == 1)) AddPairs(&out);
    return out;
  }

 private:
  Weighed Totalled(const ChannelMoments& channel) const {
    if (by_image_) return {measured_, Dyadic(channel.image_mean), Dyadic(channel.image_second)};
    return {pixels_, Dyadic(channel.sum), Dyadic(channel.sum_squares)};
  }

  // weight * product - first * other over weight^2, times pixels / (pixels - ddof), unscaled.
  // Empty where ddof leaves nothing to divide by.
  std::optional<Ratio> Spread(const Dyadic& weight, const Dyadic& product, const Dyadic& first,
                              const Dyadic& other) const {
    const Dyadic freedom = pixels_ - Dyadic(uint64_t(settings_.ddof));
    if (freedom.IsZero() || freedom.negative()) return std::nullopt;
    return Ratio{(weight * product - first * other) * pixels_,
                 Square(weight) * freedom * Square(scale_)};
  }

  // Never negative, by Cauchy's inequality: nothing in the sums is rounded.
  std::optional<Ratio> Variance(const ChannelMoments& channel) const {
    const Weighed sums = Totalled(channel);
    return Spread(sums.weight, sums.second, sums.first, sums.first);
  }

  void AddChannel(size_t index, Summary* out) const {
    const ChannelMoments& channel = moments_.channels[index];
    const auto add = [&](std::vector<MaybeNumber>* list, auto&& number) {
      list->push_back(measured_.IsZero() ? MaybeNumber() : MaybeNumber(number()));
    };
    const Dyadic images = measured_ * scale_;
    const Weighed sums = Totalled(channel);
    add(&out->mean, [&] { return RoundRatio(sums.first, sums.weight * scale_); });
    add(&out->min, [&] { return RoundRatio(Dyadic(channel.min), scale_); });
    add(&out->max, [&] { return RoundRatio(Dyadic(channel.max), scale_); });
    add(&out->mean_of_image_mean, [&] { return RoundRatio(Dyadic(channel.image_mean), images); });
    add(&out->mean_of_image_std, [&] { return RoundRatio(Dyadic(channel.image_std), images); });
    const std::optional<Ratio> variance = measured_.IsZero() ? std::nullopt : Variance(channel);
    out->pooled_std.push_back(variance ? MaybeNumber(variance->Root()) : MaybeNumber());
    const bool pooled = settings_.std_of == StdOf::kPooled;
    out->std.push_back(pooled ? out->pooled_std.back() : out->mean_of_image_std.back());
    AddErrors(channel, sums, variance, out);
  }

  // Standard errors of ratio estimators, by linearisation (Cochran, "Sampling Techniques", ch. 6):
  // each picture is one observation with its residual, and the variance of an estimate is
  // N / (N - 1) * sum of squared residuals / weight^2. The residuals are never formed: their sum of
  // squares is a polynomial in the totals, exact, so it is never negative.
  void AddErrors(const ChannelMoments& channel, const Weighed& sums,
                 const std::optional<Ratio>& variance, Summary* out) const {
    out->mean_error.emplace_back();
    out->std_error.emplace_back();
    if (moments_.measured < 2) return;
    const Dyadic& w = sums.weight;
    const Dyadic ww(moments_.weight_squares), wa(channel.weight_first), wb(channel.weight_second);
    const Dyadic aa(channel.first_squares), bb(channel.second_squares), ab(channel.first_second);
    const Ratio correction = Correction();

    // mean: residual a_i - (A / W) w_i; times W, squared and summed.
    const Dyadic mean_squares =
        Square(w) * aa - Twice(w * sums.first * wa) + Square(sums.first) * ww;
    out->mean_error.back() =
        RoundSqrtRatio(mean_squares * correction.numerator,
                       Square(Square(w)) * Square(scale_) * correction.denominator);

    if (settings_.std_of == StdOf::kImageMean) {
      const Dyadic n = measured_, s(channel.image_std), ss(channel.image_std_squares);
      out->std_error.back() = RoundSqrtRatio((n * ss - Square(s)) * correction.numerator,
                                             n * n * n * Square(scale_) * correction.denominator);
      return;
    }
    if (!variance) return;
    if (variance->numerator.IsZero()) {
      out->std_error.back() = 0.0;
      return;
    }
    // variance: residual b_i - 2 m a_i + (2 m^2 - q) w_i with m = A / W, q = B / W; times W^2 it is
    // x b_i + y a_i + z w_i with the integers below. An error of std is that over 2 std.
    const Dyadic x = Square(w), y = -Twice(w * sums.first);
    const Dyadic z = Twice(Square(sums.first)) - w * sums.second;
    const Dyadic squares = Square(x) * bb + Square(y) * aa + Square(z) * ww +
                           Twice(x * y * ab + x * z * wb + y * z * wa);
    const Dyadic unscaled = variance->numerator * Square(scale_);  // over variance->denominator
    out->std_error.back() =
        RoundSqrtRatio(squares * correction.numerator * variance->denominator,
                       Square(Square(w)) * Square(w) * Square(scale_) * correction.denominator *
                           Dyadic(uint64_t{4}) * unscaled);
  }

  // N / (N - 1), and for a sample without replacement the share of the list not drawn.
  Ratio Correction() const {
    Ratio out{measured_, measured_ - Dyadic(uint64_t{1})};
    if (!settings_.sample_seed || settings_.sampled_from == 0) return out;
    const uint64_t left = settings_.sampled_from - std::min(drawn_, settings_.sampled_from);
    out.numerator = out.numerator * Dyadic(left);
    out.denominator = out.denominator * Dyadic(settings_.sampled_from);
    return out;
  }

  void AddPairs(Summary* out) const {
    const size_t count = moments_.channels.size();
    out->covariance.assign(count, std::vector<MaybeNumber>(count));
    out->correlation = out->covariance;
    if (measured_.IsZero()) return;
    std::vector<std::optional<Ratio>> variances;
    for (const ChannelMoments& channel : moments_.channels) {
      variances.push_back(Variance(channel));
    }
    for (size_t c = 0; c < count && variances[c]; ++c) {
      out->covariance[c][c] = variances[c]->Rounded();
      if (!variances[c]->numerator.IsZero()) out->correlation[c][c] = 1.0;
    }
    size_t pair = 0;
    for (size_t a = 0; a < count; ++a) {
      for (size_t b = a + 1; b < count; ++b, ++pair) {
        const Weighed x = Totalled(moments_.channels[a]), y = Totalled(moments_.channels[b]);
        const Dyadic product(by_image_ ? moments_.image_cross[pair] : moments_.cross[pair]);
        const std::optional<Ratio> spread = Spread(x.weight, product, x.first, y.first);
        if (!spread) continue;
        out->covariance[a][b] = out->covariance[b][a] = spread->Rounded();
        // The three denominators are the same, and cancel.
        const Dyadic squares = variances[a]->numerator * variances[b]->numerator;
        if (squares.IsZero()) continue;
        const double size = RoundSqrtRatio(Square(spread->numerator), squares);
        out->correlation[a][b] = out->correlation[b][a] =
            spread->numerator.negative() ? -size : size;
      }
    }
  }

  const GroupMoments& moments_;
  const StatsSettings& settings_;
  const Dyadic scale_, pixels_, measured_;
  const uint64_t drawn_;
  const bool by_image_;
};

}  // namespace

Summary Summarize(const GroupMoments& moments, const StatsSettings& settings, uint64_t drawn) {
  return Summarizer(moments, settings, drawn).Run();
}

}  // namespace imnorm
