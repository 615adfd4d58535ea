// Writes totals as JSON: the numbers for people, then the sums that they are made of.
#include <cmath>

#include "imnorm/statistics.h"
#include "imnorm/words.h"
#include "json/json_text.h"
#include "statistics/distribution.h"
#include "statistics/document.h"
#include "statistics/eigen.h"
#include "statistics/exact_to_json.h"
#include "statistics/interval.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

void AddNumbers(const Summary& summary, JsonObject* out) {
  out->Add("mean", JsonNumbers(summary.mean));
  out->Add("std", JsonNumbers(summary.std));
  out->Add("min", JsonNumbers(summary.min));
  out->Add("max", JsonNumbers(summary.max));
  out->Add("pooled_std", JsonNumbers(summary.pooled_std));
  out->Add("mean_of_image_mean", JsonNumbers(summary.mean_of_image_mean));
  out->Add("mean_of_image_std", JsonNumbers(summary.mean_of_image_std));
}

void AddErrors(const Summary& summary, const GroupMoments& moments, bool sampled, int depth,
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
  errors.Add("of", JsonString(sampled ? "list" : "source"));
  errors.Add("mean", JsonNumbers(summary.mean_error));
  errors.Add("std", JsonNumbers(summary.std_error));
  errors.Add("mean_interval_95", intervals(summary.mean, summary.mean_error));
  errors.Add("std_interval_95", intervals(summary.std, summary.std_error));
  out->Add("standard_error", errors.Text());
}

void AddCovariance(const Summary& summary, JsonObject* out) {
  out->Add("covariance", JsonMatrix(summary.covariance));
  out->Add("correlation", JsonMatrix(summary.correlation));
  std::vector<std::vector<double>> matrix;
  bool solvable = !summary.covariance.empty();
  for (const auto& row : summary.covariance) {
    matrix.emplace_back();
    for (const MaybeNumber& value : row) {
      solvable = solvable && value && std::isfinite(*value);
      matrix.back().push_back(value.value_or(0));
    }
  }
  if (!solvable) {
    out->Add("eigenvalues", "null");
    out->Add("eigenvectors", "null");
    return;
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
  std::vector<std::string> rows;
  for (double percent : totals.settings().percentiles) {
    std::vector<MaybeNumber> values;
    for (const ChannelMoments& channel : totals.moments().channels) {
      values.push_back(Percentile(channel.histogram, percent, totals.settings().scale));
    }
    JsonRow row;
    row.Add("percent", JsonNumber(percent));
    row.Add("values", JsonNumbers(values));
    rows.push_back(row.Text());
  }
  out->Add("percentiles", JsonLines(rows, 1));
}

std::string RangeToJson(const SizeRange& range) {
  JsonRow out;
  out.Add("min", range.min);
  out.Add("median", JsonNumber(range.median));
  out.Add("max", range.max);
  return out.Text();
}

std::string SizesToJson(const SizeCounts& sizes) {
  JsonObject out(1);
  for (const auto& [name, counts] :
       {std::pair("width", &sizes.widths), std::pair("height", &sizes.heights)}) {
    const std::optional<SizeRange> range = RangeOf(*counts);
    out.Add(name, range ? RangeToJson(*range) : "null");
  }
  std::vector<std::string> bins;
  for (const auto& [log2, count] : sizes.log2_pixels) {
    bins.push_back(JsonCounts({uint64_t{1} << log2, count}));
  }
  out.Add("images_by_pixels_from", JsonList(bins));
  return out.Text();
}

std::string NonfiniteToJson(const NonfiniteCounts& counts) {
  JsonObject out(1);
  out.Add("inputs", counts.inputs);
  out.Add("pixels", counts.pixels);
  out.Add("nan", JsonCounts(counts.nan));
  out.Add("positive_infinity", JsonCounts(counts.positive_infinity));
  out.Add("negative_infinity", JsonCounts(counts.negative_infinity));
  std::vector<std::string> rows;
  for (const NonfiniteInput& input : counts.first) {
    JsonRow row;
    row.Add("index", input.index);
    row.AddPath(input.path);
    row.Add("pixels", input.pixels);
    rows.push_back(row.Text());
  }
  out.Add("first", JsonLines(rows, 2));
  return out.Text();
}

std::string FailuresToJson(const std::vector<StatsFailure>& failed) {
  std::vector<std::string> rows;
  for (const StatsFailure& failure : failed) {
    JsonRow row;
    row.Add("index", failure.index);
    row.AddPath(failure.path);
    row.Add("reason", JsonString(failure.reason));
    rows.push_back(row.Text());
  }
  return JsonLines(rows, 1);
}

std::string NotesToJson(const NoteCounts& notes) {
  JsonRow out;
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (notes.of[i] > 0) out.Add(NoteName(NoteKind(i)), notes.of[i]);
  }
  return out.Text();
}

std::string ClassToJson(const GroupMoments& moments, const StatsSettings& settings) {
  JsonObject out(2);
  out.Add("images", moments.images);
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
  std::vector<std::string> names;
  for (const std::string& name : ChannelNames(settings)) names.push_back(JsonString(name));
  out->Add("channels", JsonList(names));
  out->Add("scale", JsonNumber(settings.scale));
  out->Add("ddof", settings.ddof);
  out->Add("channel_order", JsonString(settings.channel_order));
  out->Add("pixels_are", JsonString(settings.pixels_are));
  out->Add("samples", JsonString(WordOf(settings.samples)));
  out->Add("weight", JsonString(WordOf(settings.weight)));
  out->Add("std_of", JsonString(WordOf(settings.std_of)));
  if (settings.sample_seed) {
    JsonRow sampled;
    sampled.Add("from", settings.sampled_from);
    sampled.Add("seed", *settings.sample_seed);
    out->Add("sampled", sampled.Text());
  }
}

}  // namespace

JsonObject StatsDocument(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  JsonObject out(0);
  out.Add("schema", JsonString(kStatsSchema));
  out.Add("images", totals.images());
  out.Add("pixels", totals.moments().pixels.ToText(true));
  out.Add("failed", FailuresToJson(totals.failed()));
  out.Add("notes", NotesToJson(totals.notes()));
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
      classes.Add(PrintableName(name), ClassToJson(moments, settings));
    }
    out.Add("per_class", classes.Text());
  }
  if (!settings.plan.empty()) {
    const bool object = settings.plan[0] == '{' && nlohmann::json::accept(settings.plan);
    out.Add("plan", object ? settings.plan : JsonString(settings.plan));
  }
  out.Add("exact", ExactToJson(totals));
  return out;
}

std::string StatsToJson(const Totals& totals) {
  JsonObject out = StatsDocument(totals);
  out.Add("checksum", JsonString(ChecksumOf(nlohmann::ordered_json::parse(out.Text()))));
  return out.Text() + "\n";
}

}  // namespace imnorm
