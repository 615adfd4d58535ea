// Statistics beyond the default, filters of pixels, samples of a list.
#include "cli/groups/measures.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "cli/parse_values.h"
#include "statistics/names.h"

namespace imnorm::cli {
namespace {

// Numbers, and nan, which marks missing data in float pictures.
Result<std::vector<double>> ParseIgnored(const std::string& text) {
  std::vector<double> values;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t comma = std::min(text.find(',', begin), text.size());
    const std::string item = text.substr(begin, comma - begin);
    begin = comma + 1;
    if (item == "nan" || item == "NaN") {
      values.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    auto number = ParseNumbers("--ignore-value", item);
    if (!number) return Failed(number);
    values.push_back(number->front());
  }
  return values;
}

Result<PixelFilter> ResolveFilter(const MeasureArguments& a) {
  PixelFilter filter;
  filter.count_nodata = a.ignore_value == "none";
  if (!a.ignore_value.empty() && !filter.count_nodata) {
    auto values = ParseIgnored(a.ignore_value);
    if (!values) return Failed(values);
    filter.ignore_values = std::move(*values);
  }
  struct stat status;
  if (!a.mask_dir.empty() && (stat(a.mask_dir.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    return Fail(ErrorCode::kNotFound, fmt::format("--mask-dir {}: no such folder", a.mask_dir));
  }
  filter.mask_dir = a.mask_dir;
  return filter;
}

Result<void> ResolveNumbers(const MeasureArguments& a, StatsNumbers& numbers) {
  if (!a.weight.empty()) {
    auto weight = ParseOptionWord<PixelWeight>("--weight", a.weight);
    if (!weight) return Failed(weight);
    numbers.weight = *weight;
  }
  if (!a.std_of.empty()) {
    auto std_of = ParseOptionWord<StdOf>("--std-of", a.std_of);
    if (!std_of) return Failed(std_of);
    numbers.std_of = *std_of;
  }
  if (a.ddof != 0 && a.ddof != 1) {
    return Fail(ErrorCode::kBadArgument, fmt::format("--ddof {}: it takes 0 or 1", a.ddof));
  }
  numbers.ddof = a.ddof;
  numbers.per_class = a.per_class;
  numbers.histogram = a.histogram || !a.percentiles.empty();
  if (a.percentiles.empty()) return {};
  auto percentiles = ParseNumbers("--percentiles", a.percentiles);
  if (!percentiles) return Failed(percentiles);
  for (const double p : *percentiles) {
    if (p < 0 || p > 100) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--percentiles \"{}\": they go from 0 to 100", a.percentiles));
    }
  }
  numbers.percentiles = std::move(*percentiles);
  return {};
}

}  // namespace

void AddMeasures(Options& options, MeasureArguments& a) {
  options.Group("Measures");
  options.Flag({"--histogram", "", "Histograms, percentiles, skewness and kurtosis"}, a.histogram);
  options.TextOr({"--percentiles", "LIST", "These percentiles too: 2.5,97.5"}, a.percentiles,
                 "1,5,25,50,75,95,99");
  options.Flag({"--per-class", "", "Also by top folder", Fits::kPictures}, a.per_class);
  options.Text({"--per-image", "FILE", "A line a picture: .jsonl or .csv", Fits::kPictures},
               a.per_image);
  options.Text(
      {"--write-checksums", "FILE", "The SHA-256 of each good picture's file", Fits::kPictures},
      a.write_checksums);
  options.Text({"--weight", "WHAT", "pixel|image: what counts the same"}, a.weight);
  options.Number({"--ddof", "N", "0: population, 1: sample"}, a.ddof);
  options.Text({"--std-of", "WHAT", "pooled|image-mean"}, a.std_of);
  options.Number({"--scale", "F", "Samples are divided by this (default 255)"}, a.scale);
  options.Text({"--ignore-value", "V",
                "Pixels of this value do not count: V or R,G,B; none: declared nodata counts too",
                Fits::kPictures},
               a.ignore_value);
  options.Text(
      {"--mask-dir", "DIR", "Masks by the same relative name; nonzero counts", Fits::kPictures},
      a.mask_dir);
  options.Number({"--sample", "N", "Only N pictures, chosen by --seed", Fits::kPictures}, a.sample);
  options.Number({"--seed", "S", "Of --sample and --until (0)"}, a.seed);
  options.Number(
      {"--until", "REL", "Go on in random order until mean and std are this sure", Fits::kPictures},
      a.until);
}

Result<StatsOptions> ResolveMeasures(const MeasureArguments& a, bool sharded, bool overwrite) {
  StatsOptions stats;
  auto filter = ResolveFilter(a);
  if (!filter) return Failed(filter);
  stats.filter = std::move(*filter);
  if (auto set = ResolveNumbers(a, stats.numbers); !set) return Failed(set);
  if (a.scale && !(std::isfinite(*a.scale) && *a.scale > 0)) {
    return Fail(ErrorCode::kBadArgument, "--scale: it takes a number above 0");
  }
  stats.scale = a.scale;
  if (a.per_image == "-") {
    return Fail(ErrorCode::kBadArgument,
                "--per-image -: it takes a file; stdout has the statistics");
  }
  stats.per_image = a.per_image;
  stats.write_checksums = a.write_checksums;
  stats.overwrite = overwrite;
  stats.sample = a.sample;
  stats.until = a.until;
  stats.seed = a.seed.value_or(0);
  if (a.sample && *a.sample == 0) return Fail(ErrorCode::kBadArgument, "--sample: 1 or more");
  if (a.until && !(*a.until > 0 && *a.until < 1)) {
    return Fail(ErrorCode::kBadArgument, "--until: a relative error between 0 and 1, such as 0.01");
  }
  if (a.until && (a.sample || sharded)) {
    return Fail(ErrorCode::kBadArgument,
                "--until decides by itself how many pictures are read: leave out --sample and "
                "--shard");
  }
  return stats;
}

}  // namespace imnorm::cli
