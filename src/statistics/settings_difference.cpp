// Settings side by side, in the words of the command line.
#include "statistics/settings_difference.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "imnorm/words.h"

namespace imnorm {

std::string SettingsDifference(const StatsSettings& a, const StatsSettings& b) {
  const auto differ = [](std::string_view what, const auto& x, const auto& y) {
    return x == y ? std::string() : fmt::format("{}: {} and {}", what, x, y);
  };
  const auto on = [](bool value) { return value ? "yes" : "no"; };
  const auto sampled = [](const StatsSettings& s) {
    return s.sample_seed ? fmt::format("from {} with seed {}", s.sampled_from, *s.sample_seed)
                         : std::string("no");
  };
  const std::string differences[] = {
      a.list_hash == b.list_hash && a.list_entries == b.list_entries
          ? ""
          : fmt::format("input lists: {} with {} entries and {} with {}", a.list_hash,
                        a.list_entries, b.list_hash, b.list_entries),
      differ("pixels", a.pixels_are, b.pixels_are),
      differ("channels", fmt::format("{} {}", a.channels, a.channel_order),
             fmt::format("{} {}", b.channels, b.channel_order)),
      differ("samples", WordOf(a.samples), WordOf(b.samples)),
      differ("scale", a.scale, b.scale),
      differ("ddof", a.ddof, b.ddof),
      differ("weight", WordOf(a.weight), WordOf(b.weight)),
      differ("std-of", WordOf(a.std_of), WordOf(b.std_of)),
      differ("covariance", on(a.cross), on(b.cross)),
      differ("histogram", on(a.histogram), on(b.histogram)),
      a.percentiles == b.percentiles
          ? ""
          : fmt::format("percentiles: {} and {}", fmt::join(a.percentiles, ","),
                        fmt::join(b.percentiles, ",")),
      differ("per-class", on(a.per_class), on(b.per_class)),
      differ("sampled", sampled(a), sampled(b)),
      a.plan == b.plan ? "" : "plans",
  };
  for (const std::string& difference : differences) {
    if (!difference.empty()) return difference;
  }
  return "";
}

}  // namespace imnorm
