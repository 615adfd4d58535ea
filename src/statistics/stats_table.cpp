// Lays statistics out for a terminal.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/statistics.h"
#include "imnorm/words.h"
#include "json/printable.h"
#include "json/text_width.h"
#include "statistics/distribution.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/summary.h"
#include "statistics/text_table.h"

namespace imnorm {
namespace {

constexpr size_t kMostFailuresShown = 10;
constexpr size_t kMostClassesShown = 40;
constexpr size_t kWidestClass = 40;
constexpr size_t kBars = 32;

std::string Shown(MaybeNumber value, int precision) {
  return value ? fmt::format("{:.{}g}", *value, precision) : "-";
}

// "1,234,567": a count that may have any length.
std::string Grouped(const std::string& digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += ',';
    out += digits[i];
  }
  return out;
}

// Bars of equal ranges of values; any sample at all shows at least the lowest bar.
std::string Sparkline(const std::vector<uint64_t>& histogram) {
  static constexpr const char* kLevels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  uint64_t bars[kBars] = {};
  for (size_t i = 0; i < histogram.size(); ++i) bars[i * kBars / histogram.size()] += histogram[i];
  const uint64_t most = *std::max_element(std::begin(bars), std::end(bars));
  std::string out;
  for (uint64_t bar : bars) {
    const double height = most == 0 ? 0 : std::ceil(8 * double(bar) / double(most));
    out += kLevels[size_t(height)];
  }
  return out;
}

std::string SizesLine(const SizeCounts& sizes) {
  const std::optional<SizeRange> width = RangeOf(sizes.widths), height = RangeOf(sizes.heights);
  if (!width) return "";
  if (width->min == width->max && height->min == height->max) {
    return fmt::format("size: {} x {}, all the same", width->min, height->min);
  }
  return fmt::format("size: width {} to {}, median {}; height {} to {}, median {}", width->min,
                     width->max, width->median, height->min, height->max, height->median);
}

std::string FailureLines(const std::vector<StatsFailure>& failed) {
  if (failed.empty()) return "";
  std::string out = "failed:\n";
  for (size_t i = 0; i < std::min(failed.size(), kMostFailuresShown); ++i) {
    out += fmt::format("  {}: {}\n", Printable(failed[i].path), Printable(failed[i].reason));
  }
  if (failed.size() > kMostFailuresShown) {
    out += fmt::format("  and {} more\n", failed.size() - kMostFailuresShown);
  }
  return out;
}

// "1 image", "1,234 images".
std::string Counted(const std::string& digits, std::string_view what) {
  return fmt::format("{} {}{}", Grouped(digits), what, digits == "1" ? "" : "s");
}

std::string HeadLine(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  std::string out =
      fmt::format("{}, {} ({})", Counted(fmt::to_string(totals.images()), "image"),
                  Counted(totals.moments().pixels.ToText(true), "pixel"), settings.pixels_are);
  if (settings.sample_seed) {
    out += fmt::format(", sampled from {}", Grouped(fmt::to_string(settings.sampled_from)));
  }
  const ShardSet& shards = totals.shards();
  if (shards.have.size() != size_t(shards.count)) {
    out += fmt::format(", {} of {} shards", shards.have.size(), shards.count);
  }
  if (!totals.failed().empty()) {
    out += fmt::format(", {} failed", Grouped(fmt::to_string(totals.failed().size())));
  }
  return out;
}

std::string ChannelRows(const Totals& totals, const Summary& summary, size_t width) {
  const std::vector<std::string> names = ChannelNames(totals.settings());
  std::vector<std::vector<std::string>> rows = {
      {"channel", "mean", "+-", "std", "+-", "min", "max", "mean of image std"}};
  for (size_t c = 0; c < names.size(); ++c) {
    rows.push_back({names[c], Shown(summary.mean[c], 6), Shown(summary.mean_error[c], 2),
                    Shown(summary.std[c], 6), Shown(summary.std_error[c], 2),
                    Shown(summary.min[c], 5), Shown(summary.max[c], 5),
                    Shown(summary.mean_of_image_std[c], 6)});
  }
  return TextTable(rows, width);
}

std::string PercentileRows(const Totals& totals, size_t width) {
  const StatsSettings& settings = totals.settings();
  const std::vector<std::string> names = ChannelNames(settings);
  std::vector<std::vector<std::string>> rows = {{"channel"}};
  for (const double percent : settings.percentiles) {
    rows[0].push_back(fmt::format("p{}", percent));
  }
  for (size_t c = 0; c < names.size(); ++c) {
    rows.push_back({names[c]});
    for (const double percent : settings.percentiles) {
      const std::vector<uint64_t>& histogram = totals.moments().channels[c].histogram;
      rows.back().push_back(Shown(Percentile(histogram, percent, settings.scale), 4));
    }
  }
  return "\n" + TextTable(rows, width);
}

// A row a class: its pictures, then mean and std of each channel.
std::string ClassRows(const Totals& totals, size_t width) {
  const StatsSettings& settings = totals.settings();
  std::vector<std::vector<std::string>> rows = {{"class", "images"}};
  for (const char* what : {"mean", "std"}) {
    for (const std::string& name : ChannelNames(settings)) {
      rows[0].push_back(fmt::format("{} {}", what, name));
    }
  }
  for (const auto& [name, moments] : totals.classes()) {
    if (rows.size() > kMostClassesShown) break;
    const Summary summary = Summarize(moments, settings, moments.images);
    const std::string shown = name.empty() ? "(none)" : Printable(PrintableName(name));
    rows.push_back({CutToWidth(shown, kWidestClass), fmt::to_string(moments.images)});
    for (const auto* list : {&summary.mean, &summary.std}) {
      for (const MaybeNumber& value : *list) rows.back().push_back(Shown(value, 4));
    }
  }
  std::string out = "\n" + TextTable(rows, width);
  if (totals.classes().size() > kMostClassesShown) {
    out += fmt::format("and {} more, in the JSON\n", totals.classes().size() - kMostClassesShown);
  }
  return out;
}

}  // namespace

std::string StatsTable(const Totals& totals, const TableOptions& options) {
  const StatsSettings& settings = totals.settings();
  const Summary summary =
      Summarize(totals.moments(), settings, totals.images() + totals.failed().size());
  const size_t width = options.width;
  std::string out = WrapText(HeadLine(totals), width) + "\n";
  if (const std::string sizes = SizesLine(totals.sizes()); !sizes.empty()) {
    out += WrapText(sizes, width) + "\n";
  }
  out += "\n" + ChannelRows(totals, summary, width);
  if (settings.histogram) {
    const std::vector<std::string> names = ChannelNames(settings);
    out += "\n";
    for (size_t c = 0; c < names.size(); ++c) {
      out +=
          fmt::format("{:<8} |{}|\n", names[c], Sparkline(totals.moments().channels[c].histogram));
    }
  }
  if (settings.histogram && !settings.percentiles.empty()) out += PercentileRows(totals, width);
  if (settings.per_class) out += ClassRows(totals, width);
  const std::string_view std_is = settings.std_of == StdOf::kPooled
                                      ? "pooled over all pixels"
                                      : "the mean of the images' own stds";
  out += "\n" +
         WrapText(fmt::format("scale {}, ddof {}, every {} weighs the same; std is {}",
                              settings.scale, settings.ddof, WordOf(settings.weight), std_is),
                  width) +
         "\n";
  if (totals.nonfinite().pixels > 0) {
    out += WrapText(fmt::format("{} pixels in {} inputs held NaN or infinities and were left out",
                                totals.nonfinite().pixels, totals.nonfinite().inputs),
                    width) +
           "\n";
  }
  return options.list_failures ? out + FailureLines(totals.failed()) : out;
}

}  // namespace imnorm
