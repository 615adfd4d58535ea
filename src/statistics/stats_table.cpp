#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "imnorm/statistics.h"
#include "json/printable.h"
#include "statistics/distribution.h"
#include "statistics/moments.h"
#include "statistics/names.h"
#include "statistics/summary.h"

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
    return fmt::format("size: {} x {}, all the same\n", width->min, height->min);
  }
  return fmt::format("size: width {} to {}, median {}; height {} to {}, median {}\n", width->min,
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
  std::string out = fmt::format("{}, {} ({})", Counted(fmt::to_string(totals.images()), "image"),
                                Counted(totals.moments().pixels.ToText(true), "pixel"),
                                settings.pixels_are);
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
  return out + "\n";
}

std::string ChannelRows(const Totals& totals, const Summary& summary) {
  const std::vector<std::string> names = ChannelNames(totals.settings());
  std::string out = fmt::format("{:<8} {:>11} {:>9} {:>11} {:>9} {:>8} {:>8} {:>18}\n", "channel",
                                "mean", "+-", "std", "+-", "min", "max", "mean of image std");
  for (size_t c = 0; c < names.size(); ++c) {
    out += fmt::format(
        "{:<8} {:>11} {:>9} {:>11} {:>9} {:>8} {:>8} {:>18}\n", names[c], Shown(summary.mean[c], 6),
        Shown(summary.mean_error[c], 2), Shown(summary.std[c], 6), Shown(summary.std_error[c], 2),
        Shown(summary.min[c], 5), Shown(summary.max[c], 5), Shown(summary.mean_of_image_std[c], 6));
  }
  return out;
}

std::string PercentileRows(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  const std::vector<std::string> names = ChannelNames(settings);
  std::string out = fmt::format("\n{:<8}", "channel");
  for (const double percent : settings.percentiles) {
    out += fmt::format(" {:>8}", fmt::format("p{}", percent));
  }
  for (size_t c = 0; c < names.size(); ++c) {
    out += fmt::format("\n{:<8}", names[c]);
    for (const double percent : settings.percentiles) {
      const std::vector<uint64_t>& histogram = totals.moments().channels[c].histogram;
      out += fmt::format(" {:>8}", Shown(Percentile(histogram, percent, settings.scale), 4));
    }
  }
  return out + "\n";
}

// A row a class: its pictures, then mean and std of each channel.
std::string ClassRows(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  size_t width = 8;
  for (const auto& [name, moments] : totals.classes()) {
    width = std::min(kWidestClass, std::max(width, name.size()));
  }
  std::string out = fmt::format("\n{:<{}} {:>8}", "class", width, "images");
  for (const char* what : {"mean", "std"}) {
    for (const std::string& name : ChannelNames(settings)) {
      out += fmt::format(" {:>10}", fmt::format("{} {}", what, name));
    }
  }
  out += "\n";
  size_t shown = 0;
  for (const auto& [name, moments] : totals.classes()) {
    if (shown++ == kMostClassesShown) {
      out += fmt::format("and {} more, in the JSON\n", totals.classes().size() - kMostClassesShown);
      break;
    }
    const Summary summary = Summarize(moments, settings, moments.images);
    out += fmt::format("{:<{}} {:>8}", name.empty() ? "(none)" : Printable(name), width,
                       moments.images);
    for (const auto* list : {&summary.mean, &summary.std}) {
      for (const MaybeNumber& value : *list) out += fmt::format(" {:>10}", Shown(value, 4));
    }
    out += "\n";
  }
  return out;
}

}  // namespace

std::string StatsTable(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  const Summary summary =
      Summarize(totals.moments(), settings, totals.images() + totals.failed().size());
  std::string out = HeadLine(totals) + SizesLine(totals.sizes()) + "\n";
  out += ChannelRows(totals, summary);
  if (settings.histogram) {
    const std::vector<std::string> names = ChannelNames(settings);
    out += "\n";
    for (size_t c = 0; c < names.size(); ++c) {
      out +=
          fmt::format("{:<8} |{}|\n", names[c], Sparkline(totals.moments().channels[c].histogram));
    }
  }
  if (settings.histogram && !settings.percentiles.empty()) out += PercentileRows(totals);
  if (settings.per_class) out += ClassRows(totals);
  out += fmt::format("\nscale {}, ddof {}, every {} weighs the same; std is {}\n", settings.scale,
                     settings.ddof, NameOf(settings.weight),
                     settings.std_of == StdOf::kPooled ? "pooled over all pixels"
                                                       : "the mean of the images' own stds");
  if (totals.nonfinite().pixels > 0) {
    out += fmt::format("{} pixels in {} inputs held NaN or infinities and were left out\n",
                       totals.nonfinite().pixels, totals.nonfinite().inputs);
  }
  return out + FailureLines(totals.failed());
}

}  // namespace imnorm
