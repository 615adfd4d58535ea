#include <fmt/format.h>

#include "imnorm/statistics.h"
#include "statistics/distribution.h"
#include "statistics/eigen.h"
#include "statistics/interval.h"
#include "statistics/json_text.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

template <typename Item, typename Text>
std::string ListOf(const std::vector<Item>& items, Text text) {
  std::vector<std::string> texts;
  for (const Item& item : items) texts.push_back(text(item));
  return JsonList(texts);
}

std::string Quoted(uint64_t value) { return fmt::format("\"{}\"", value); }

// Integers where the samples make them integers, so that a reader needs no more than int().
std::string Quoted(const ExactSum& sum, bool integer) { return "\"" + sum.ToText(integer) + "\""; }

std::string SumsOf(const Moments& moments, ExactSum ChannelMoments::*member, bool integer) {
  return ListOf(moments.channels,
                [&](const ChannelMoments& c) { return Quoted(c.*member, integer); });
}

std::string CountsOf(const std::map<int, uint64_t>& counts) {
  std::vector<std::string> items;
  for (const auto& [value, count] : counts) items.push_back(fmt::format("[{}, {}]", value, count));
  return JsonList(items);
}

void AddExactMoments(const Moments& moments, const StatsSettings& settings, JsonObject* out) {
  const bool integer = settings.samples != SampleKind::kFloat;
  const bool by_image = settings.weight == PixelWeight::kImage;
  const bool whole = integer && !by_image;
  out->Add("images", Quoted(moments.images));
  out->Add("measured", Quoted(moments.measured));
  out->Add("pixels", Quoted(moments.pixels, true));
  out->Add("sum", SumsOf(moments, &ChannelMoments::sum, integer));
  out->Add("sum_squares", SumsOf(moments, &ChannelMoments::sum_squares, integer));
  if (settings.cross) {
    out->Add("cross", ListOf(moments.cross, [&](const auto& s) { return Quoted(s, integer); }));
  }
  const auto extreme = [&](double ChannelMoments::*member) {
    return ListOf(moments.channels, [&](const ChannelMoments& channel) {
      return JsonNumber(moments.measured == 0 ? MaybeNumber() : MaybeNumber(channel.*member));
    });
  };
  out->Add("min", extreme(&ChannelMoments::min));
  out->Add("max", extreme(&ChannelMoments::max));
  out->Add("image_mean", SumsOf(moments, &ChannelMoments::image_mean, false));
  out->Add("image_std", SumsOf(moments, &ChannelMoments::image_std, false));
  out->Add("image_std_squares", SumsOf(moments, &ChannelMoments::image_std_squares, false));
  if (by_image) {
    out->Add("image_second", SumsOf(moments, &ChannelMoments::image_second, false));
    if (settings.cross) {
      out->Add("image_cross",
               ListOf(moments.image_cross, [](const auto& s) { return Quoted(s, false); }));
    }
  }
  out->Add("weight_squares", Quoted(moments.weight_squares, true));
  out->Add("weight_first", SumsOf(moments, &ChannelMoments::weight_first, whole));
  out->Add("weight_second", SumsOf(moments, &ChannelMoments::weight_second, whole));
  out->Add("first_squares", SumsOf(moments, &ChannelMoments::first_squares, whole));
  out->Add("second_squares", SumsOf(moments, &ChannelMoments::second_squares, whole));
  out->Add("first_second", SumsOf(moments, &ChannelMoments::first_second, whole));
}

void AddNumbers(const Summary& summary, JsonObject* out) {
  out->Add("mean", JsonNumbers(summary.mean));
  out->Add("std", JsonNumbers(summary.std));
  out->Add("min", JsonNumbers(summary.min));
  out->Add("max", JsonNumbers(summary.max));
  out->Add("pooled_std", JsonNumbers(summary.pooled_std));
  out->Add("mean_of_image_mean", JsonNumbers(summary.mean_of_image_mean));
  out->Add("mean_of_image_std", JsonNumbers(summary.mean_of_image_std));
}

void AddErrors(const Summary& summary, const Moments& moments, bool sampled, int depth,
               JsonObject* out) {
  const auto intervals = [&](const auto& estimates, const auto& errors) {
    std::vector<std::vector<MaybeNumber>> rows;
    for (size_t c = 0; c < estimates.size(); ++c) {
      const auto ends = Interval95(estimates[c], errors[c], moments.measured);
      rows.push_back(ends ? std::vector<MaybeNumber>{ends->first, ends->second}
                          : std::vector<MaybeNumber>(2));
    }
    return JsonMatrix(rows);
  };
  JsonObject errors(depth + 1);
  errors.Add("of", sampled ? "\"list\"" : "\"source\"");
  errors.Add("mean", JsonNumbers(summary.mean_error));
  errors.Add("std", JsonNumbers(summary.std_error));
  errors.Add("mean_interval_95", intervals(summary.mean, summary.mean_error));
  errors.Add("std_interval_95", intervals(summary.std, summary.std_error));
  out->Add("standard_error", errors.Text());
}

void AddCovariance(const Summary& summary, JsonObject* out) {
  out->Add("covariance", JsonMatrix(summary.covariance));
  out->Add("correlation", JsonMatrix(summary.correlation));
  if (summary.covariance.empty() || !summary.covariance[0][0]) {
    out->Add("eigenvalues", "null");
    out->Add("eigenvectors", "null");
    return;
  }
  std::vector<std::vector<double>> matrix;
  for (const auto& row : summary.covariance) {
    matrix.emplace_back();
    for (const MaybeNumber& value : row) matrix.back().push_back(*value);
  }
  const Eigen eigen = SolveSymmetric(std::move(matrix));
  out->Add("eigenvalues", JsonNumbers({eigen.values.begin(), eigen.values.end()}));
  std::vector<std::vector<MaybeNumber>> rows;
  for (const auto& vector : eigen.vectors) rows.emplace_back(vector.begin(), vector.end());
  out->Add("eigenvectors", JsonMatrix(rows));
}

void AddDistribution(const Totals& totals, JsonObject* out) {
  std::vector<MaybeNumber> skewness, kurtosis;
  for (const ChannelMoments& channel : totals.moments().channels) {
    const Shape shape = ShapeOf(channel.histogram);
    skewness.push_back(shape.skewness);
    kurtosis.push_back(shape.excess_kurtosis);
  }
  out->Add("skewness", JsonNumbers(skewness));
  out->Add("excess_kurtosis", JsonNumbers(kurtosis));
  std::string rows;
  for (double percent : totals.settings().percentiles) {
    std::vector<MaybeNumber> values;
    for (const ChannelMoments& channel : totals.moments().channels) {
      values.push_back(Percentile(channel.histogram, percent, totals.settings().scale));
    }
    rows += fmt::format("{}\n    {{\"percent\": {}, \"values\": {}}}", rows.empty() ? "" : ",",
                        JsonNumber(percent), JsonNumbers(values));
  }
  out->Add("percentiles", rows.empty() ? "[]" : "[" + rows + "\n  ]");
}

std::string SizesToJson(const SizeCounts& sizes) {
  JsonObject out(1);
  for (const auto& [name, counts] :
       {std::pair("width", &sizes.widths), std::pair("height", &sizes.heights)}) {
    const std::optional<SizeRange> range = RangeOf(*counts);
    out.Add(name, range ? fmt::format("{{\"min\": {}, \"median\": {}, \"max\": {}}}", range->min,
                                      JsonNumber(range->median), range->max)
                        : "null");
  }
  std::vector<std::string> bins;
  for (const auto& [log2, count] : sizes.log2_pixels) {
    bins.push_back(fmt::format("[{}, {}]", uint64_t{1} << log2, count));
  }
  out.Add("images_by_pixels_from", JsonList(bins));
  return out.Text();
}

std::string NonfiniteToJson(const NonfiniteCounts& counts) {
  JsonObject out(1);
  out.Add("inputs", fmt::to_string(counts.inputs));
  out.Add("pixels", fmt::to_string(counts.pixels));
  out.Add("nan", fmt::format("[{}]", fmt::join(counts.nan, ", ")));
  out.Add("positive_infinity", fmt::format("[{}]", fmt::join(counts.positive_infinity, ", ")));
  out.Add("negative_infinity", fmt::format("[{}]", fmt::join(counts.negative_infinity, ", ")));
  std::string rows;
  for (const NonfiniteInput& input : counts.first) {
    rows += fmt::format("{}\n      {{\"index\": {}, ", rows.empty() ? "" : ",", input.index);
    AddPath(input.path, &rows);
    rows += fmt::format(", \"pixels\": {}}}", input.pixels);
  }
  out.Add("first", rows.empty() ? "[]" : "[" + rows + "\n    ]");
  return out.Text();
}

std::string FailuresToJson(const std::vector<StatsFailure>& failed) {
  if (failed.empty()) return "[]";
  std::string text = "[";
  for (const StatsFailure& failure : failed) {
    text += &failure == failed.data() ? "\n" : ",\n";
    text += fmt::format("    {{\"index\": {}, ", failure.index);
    AddPath(failure.path, &text);
    text += ", \"reason\": " + JsonString(failure.reason) + "}";
  }
  return text + "\n  ]";
}

std::string ExactToJson(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  JsonObject out(1);
  out.Add("list", fmt::format("{{\"hash\": {}, \"entries\": {}}}", JsonString(settings.list_hash),
                              settings.list_entries));
  const ShardSet& shards = totals.shards();
  out.Add("shards", fmt::format("{{\"count\": {}, \"have\": [{}]}}", shards.count,
                                fmt::join(shards.have, ", ")));
  AddExactMoments(totals.moments(), settings, &out);
  const SizeCounts& sizes = totals.sizes();
  out.Add("widths", CountsOf(sizes.widths));
  out.Add("heights", CountsOf(sizes.heights));
  out.Add("log2_pixels", CountsOf(sizes.log2_pixels));
  std::vector<std::string> pairs;
  for (const auto& [size, count] : sizes.pairs) {
    pairs.push_back(fmt::format("[{}, {}, {}]", size.first, size.second, count));
  }
  out.Add("sizes", sizes.pairs_given_up ? "null" : JsonList(pairs));
  if (settings.histogram) {
    out.Add("histogram", ListOf(totals.moments().channels, [](const ChannelMoments& channel) {
              return fmt::format("[{}]", fmt::join(channel.histogram, ", "));
            }));
  }
  return out.Text();
}

std::string ClassToJson(const Moments& moments, const StatsSettings& settings) {
  JsonObject out(2);
  out.Add("images", fmt::to_string(moments.images));
  out.Add("pixels", moments.pixels.ToText(true));
  StatsSettings unsampled = settings;  // how many of a class the list held is not known
  unsampled.sample_seed.reset();
  const Summary summary = Summarize(moments, unsampled, moments.images);
  AddNumbers(summary, &out);
  AddErrors(summary, moments, false, 2, &out);
  JsonObject exact(3);
  AddExactMoments(moments, settings, &exact);
  out.Add("exact", exact.Text());
  return out.Text();
}

void AddSettings(const StatsSettings& settings, JsonObject* out) {
  out->Add("channels", ListOf(ChannelNames(settings), [](const auto& s) { return JsonString(s); }));
  out->Add("scale", JsonNumber(settings.scale));
  out->Add("ddof", fmt::to_string(settings.ddof));
  out->Add("channel_order", JsonString(settings.channel_order));
  out->Add("pixels_are", JsonString(settings.pixels_are));
  out->Add("samples", JsonString(NameOf(settings.samples)));
  out->Add("weight", JsonString(NameOf(settings.weight)));
  out->Add("std_of", JsonString(NameOf(settings.std_of)));
  if (settings.sample_seed) {
    out->Add("sampled", fmt::format("{{\"from\": {}, \"seed\": {}}}", settings.sampled_from,
                                    *settings.sample_seed));
  }
}

}  // namespace

std::string StatsToJson(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  JsonObject out(0);
  out.Add("schema", JsonString(kStatsSchema));
  out.Add("images", fmt::to_string(totals.images()));
  out.Add("pixels", totals.moments().pixels.ToText(true));
  out.Add("failed", FailuresToJson(totals.failed()));
  AddSettings(settings, &out);
  const Summary summary =
      Summarize(totals.moments(), settings, totals.images() + totals.failed().size());
  AddNumbers(summary, &out);
  if (settings.cross) AddCovariance(summary, &out);
  AddErrors(summary, totals.moments(), settings.sample_seed.has_value(), 0, &out);
  if (settings.histogram) AddDistribution(totals, &out);
  out.Add("sizes", SizesToJson(totals.sizes()));
  if (settings.samples == SampleKind::kFloat) {
    out.Add("nonfinite", NonfiniteToJson(totals.nonfinite()));
  }
  if (settings.per_class) {
    JsonObject classes(1);
    for (const auto& [name, moments] : totals.classes()) {
      classes.Add(name, ClassToJson(moments, settings));
    }
    out.Add("per_class", classes.Text());
  }
  if (!settings.plan.empty()) {
    out.Add("plan", settings.plan[0] == '{' ? settings.plan : JsonString(settings.plan));
  }
  out.Add("exact", ExactToJson(totals));
  return out.Text() + "\n";
}

}  // namespace imnorm
