// Fits one scale and offset a channel, in both orders of the channels.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "statistics/diagnose.h"

namespace imnorm {
namespace {

// What of a channel's variance a fit may leave: an 8-bit grain leaves about 2e-5.
constexpr double kFits = 1e-4;

struct Range {
  double min = INFINITY;
  double max = -INFINITY;

  void Add(double value) {
    min = std::min(min, value);
    max = std::max(max, value);
  }
  double Magnitude() const { return std::max(std::fabs(min), std::fabs(max)); }
  bool Within(double low, double high) const { return min >= low && max <= high; }
};

// b = slope * a + offset, by least squares.
struct Fit {
  double slope = 1.0;
  double offset = 0.0;
  double left = 0.0;  // of the variance of b
  double allowed = kFits;
  double spread_a = 0.0, spread_b = 0.0;  // standard deviations
  double mean_a = 0.0, mean_b = 0.0;
  bool flat = false;  // both are constant: nothing is known of the slope

  bool good() const { return left <= allowed; }
  // Whether the fit says that both sides are the same but for noise.
  bool same() const {
    return std::fabs(slope - 1.0) < 0.02 && std::fabs(mean_a - mean_b) < 0.02 * spread_b;
  }
};

double NoiseOf(const Grain& grain, double magnitude) {
  return std::max(grain.absolute, grain.relative * magnitude);
}

class Fitter {
 public:
  Fitter(const std::vector<RowPair>& rows, const Grain& a, const Grain& b)
      : rows_(rows), grain_a_(a), grain_b_(b) {
    for (const RowPair& row : rows) {
      for (const double value : row.a) range_a_.Add(value);
      for (const double value : row.b) range_b_.Add(value);
    }
  }

  int64_t channels() const { return rows_.front().channels; }
  const Range& range_a() const { return range_a_; }
  const Range& range_b() const { return range_b_; }

  // Channel `from` of A against channel `to` of B, over all rows.
  Fit Channel(int64_t from, int64_t to) const {
    double n = 0, sum_a = 0, sum_b = 0;
    ForEach(from, to, [&](double a, double b) {
      n += 1;
      sum_a += a;
      sum_b += b;
    });
    Fit fit;
    fit.mean_a = sum_a / n;
    fit.mean_b = sum_b / n;
    double aa = 0, ab = 0, bb = 0;
    ForEach(from, to, [&](double a, double b) {
      const double x = a - fit.mean_a;
      const double y = b - fit.mean_b;
      aa += x * x;
      ab += x * y;
      bb += y * y;
    });
    fit.spread_a = std::sqrt(aa / n);
    fit.spread_b = std::sqrt(bb / n);
    fit.flat = aa == 0 || bb == 0;
    if (fit.flat) {
      fit.left = aa == bb ? 0.0 : 1.0;
      return fit;
    }
    fit.slope = ab / aa;
    fit.offset = fit.mean_b - fit.slope * fit.mean_a;
    fit.left = 1.0 - ab / aa * ab / bb;
    // A grain of step s adds s * s / 12 to the variance; room for twice both sides'.
    const double noise_a = NoiseOf(grain_a_, range_a_.Magnitude());
    const double noise_b = NoiseOf(grain_b_, range_b_.Magnitude());
    fit.allowed =
        std::max(kFits, 2.0 / 12.0 * (noise_a * noise_a * n / aa + noise_b * noise_b * n / bb));
    return fit;
  }

 private:
  template <typename Visit>
  void ForEach(int64_t from, int64_t to, Visit visit) const {
    for (const RowPair& row : rows_) {
      const auto plane = size_t(row.height * row.width);
      const double* a = row.a.data() + size_t(from) * plane;
      const double* b = row.b.data() + size_t(to) * plane;
      for (size_t i = 0; i < plane; ++i) visit(a[i], b[i]);
    }
  }

  const std::vector<RowPair>& rows_;
  const Grain grain_a_, grain_b_;
  Range range_a_, range_b_;
};

// The narrow side's values x and the wide side's y: y = (x - mean) / std.
struct Relation {
  bool b_is_wide = true;
  std::vector<double> ratio;      // how much wider
  std::vector<double> mean, std;  // that lead from the narrow to the wide
  Range narrow, wide;
  double narrow_spread = 0.0;

  std::string_view narrow_name() const { return b_is_wide ? "A" : "B"; }
  std::string_view wide_name() const { return b_is_wide ? "B" : "A"; }
  bool RatioIs(double value) const {
    return std::ranges::all_of(ratio, [&](double r) { return std::fabs(r / value - 1.0) < 0.02; });
  }
};

Relation RelationOf(const std::vector<Fit>& fits, const Fitter& fitter) {
  Relation relation;
  double logs = 0;
  for (const Fit& fit : fits) logs += std::log(fit.slope);
  relation.b_is_wide = logs >= 0;
  for (const Fit& fit : fits) {
    const double slope = relation.b_is_wide ? fit.slope : 1.0 / fit.slope;
    const double offset = relation.b_is_wide ? fit.offset : -fit.offset / fit.slope;
    relation.ratio.push_back(slope);
    relation.std.push_back(1.0 / slope);
    relation.mean.push_back(-offset / slope);
    relation.narrow_spread =
        std::max(relation.narrow_spread, relation.b_is_wide ? fit.spread_a : fit.spread_b);
  }
  relation.narrow = relation.b_is_wide ? fitter.range_a() : fitter.range_b();
  relation.wide = relation.b_is_wide ? fitter.range_b() : fitter.range_a();
  return relation;
}

bool Near(const std::vector<double>& found, const std::vector<double>& known, double scale) {
  for (size_t c = 0; c < found.size(); ++c) {
    const double value = known[known.size() == 1 ? 0 : c] * scale;
    if (std::fabs(found[c] - value) > 0.02 * std::max(std::fabs(value), 0.05 * scale)) return false;
  }
  return true;
}

const Constants* FindKnown(const Relation& relation, const std::vector<Constants>& known,
                           double scale) {
  for (const Constants& constants : known) {
    const size_t channels = relation.mean.size();
    const auto fits = [&](const std::vector<double>& list) {
      return list.size() == 1 || list.size() == channels;
    };
    if (fits(constants.mean) && fits(constants.std) && Near(relation.mean, constants.mean, scale) &&
        Near(relation.std, constants.std, scale)) {
      return &constants;
    }
  }
  return nullptr;
}

std::string Values(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += fmt::format("{}{:.4g}", text.empty() ? "" : ",", value);
  return text;
}

std::string NameOf(const Constants* constants) {
  return constants == nullptr || constants->name.empty() ? ""
                                                         : " (those of " + constants->name + ")";
}

// Ranges that values have before mean and std are applied; a filter with lobes goes a little
// beyond.
bool LikeUnit(const Range& range) { return range.Within(-0.02, 1.02) && range.max > 0.05; }
bool LikeBytes(const Range& range) { return range.Within(-1.0, 256.0) && range.max > 20.0; }

Diagnosis TellScale(const Relation& r, const std::vector<Constants>& known) {
  constexpr double kBytes = 255.0;
  if (r.RatioIs(kBytes)) {
    if (r.wide.Magnitude() > 20.0) {
      return {Cause::kNotScaled,
              fmt::format("{} is not divided by 255: its values are 255 times as wide as those of "
                          "{} (missing /255, or divided twice in {})",
                          r.wide_name(), r.narrow_name(), r.narrow_name())};
    }
    return {Cause::kConstantsOfBytes,
            fmt::format("{} has mean and std of the 0..255 scale on values of the [0,1] scale: its "
                        "values lie between {:.4g} and {:.4g}",
                        r.narrow_name(), r.narrow.min, r.narrow.max)};
  }
  if (LikeUnit(r.narrow)) {
    return {
        Cause::kNotNormalized,
        fmt::format("mean and std are not applied in {}, which holds values on the [0,1] scale; "
                    "{} has mean {} and std {} applied{}",
                    r.narrow_name(), r.wide_name(), Values(r.mean), Values(r.std),
                    NameOf(FindKnown(r, known, 1.0)))};
  }
  if (LikeBytes(r.wide)) {
    // The other way round: the narrow side is (y - mean) / std of the wide one's bytes.
    Relation back = r;
    for (size_t c = 0; c < r.ratio.size(); ++c) {
      back.std[c] = r.ratio[c] / kBytes;
      back.mean[c] = -r.mean[c] / r.std[c] / kBytes;
    }
    return {Cause::kNotNormalized,
            fmt::format("neither /255 nor mean and std are applied in {}, which holds values of "
                        "0..255; {} has mean {} and std {} of the [0,1] scale applied{}",
                        r.wide_name(), r.narrow_name(), Values(back.mean), Values(back.std),
                        NameOf(FindKnown(back, known, 1.0)))};
  }
  if (const Constants* constants = FindKnown(r, known, 1.0); constants != nullptr) {
    return {Cause::kNormalizedTwice,
            fmt::format("mean and std are applied twice in {}: it is {} with mean {} and std {} "
                        "applied once more{}",
                        r.wide_name(), r.narrow_name(), Values(r.mean), Values(r.std),
                        NameOf(constants))};
  }
  return {Cause::kOtherConstants,
          fmt::format("another mean or std: {} is {} with mean {} taken off, over {}",
                      r.wide_name(), r.narrow_name(), Values(r.mean), Values(r.std))};
}

bool AllGood(const std::vector<Fit>& fits) {
  return std::ranges::all_of(fits, [](const Fit& fit) { return fit.good() && fit.slope > 0; });
}

}  // namespace

std::optional<Diagnosis> DiagnoseScales(const std::vector<RowPair>& rows,
                                        const std::vector<Constants>& known, const Grain& a,
                                        const Grain& b) {
  const Fitter fitter(rows, a, b);
  const int64_t channels = fitter.channels();
  std::vector<Fit> straight, reversed;
  for (int64_t c = 0; c < channels; ++c) {
    straight.push_back(fitter.Channel(c, c));
    if (channels == 3) reversed.push_back(fitter.Channel(c, channels - 1 - c));
  }
  if (AllGood(straight)) {
    const bool flat = std::ranges::any_of(straight, [](const Fit& fit) { return fit.flat; });
    const bool same = std::ranges::all_of(straight, [](const Fit& fit) { return fit.same(); });
    if (flat || same) return std::nullopt;
    return TellScale(RelationOf(straight, fitter), known);
  }
  if (channels == 3 && AllGood(reversed)) {
    return Diagnosis{Cause::kChannelOrder,
                     "the channels of B are those of A in reverse order (BGR for RGB)"};
  }
  return std::nullopt;
}

}  // namespace imnorm
