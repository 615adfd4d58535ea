// Counts that must add up, one kind a function.
#include "statistics/plausible_totals.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "statistics/exact_compare.h"
#include "statistics/names.h"
#include "statistics/plausible_sums.h"

namespace imnorm {
namespace {

bool Same(const ExactSum& a, const ExactSum& b) { return Equal(Dyadic(a), Dyadic(b)); }

// Whether an input of the list is one of those that a shard takes: list * (i - 1) / n up to
// list * i / n.
bool IsOfShards(const ShardSet& shards, uint64_t entries, uint64_t index) {
  if (index >= entries) return false;
  // The first shard that ends behind the input: list * i / n is at least index + 1.
  const Wide place = (Wide(index) + 1) * uint64_t(shards.count);
  const int shard = int((place + entries - 1) / entries);
  return std::binary_search(shards.have.begin(), shards.have.end(), shard);
}

uint64_t EntriesOf(const ShardSet& shards, uint64_t entries) {
  const auto end = [&](int shard) {
    return uint64_t(Wide(entries) * uint64_t(shard) / uint64_t(shards.count));
  };
  uint64_t sum = 0;
  for (const int shard : shards.have) sum += end(shard) - end(shard - 1);
  return sum;
}

// An input of the list is measured, failed, passed over for being no picture, or never reached.
std::string OfList(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  if (settings.list_hash.empty()) return "";  // made by hand: no list is named
  const uint64_t entries = settings.list_entries;
  const bool sampled = settings.sample_seed.has_value();
  if (sampled && settings.sampled_from < entries)
    return "\"sampled\" is from less than \"entries\"";
  const uint64_t there = EntriesOf(totals.shards(), entries);
  const Wide told = Wide(totals.images()) + totals.failed().size();
  if (told > there) {
    return fmt::format("\"images\" and \"failed\" are {} inputs, of {} in \"list\" and \"shards\"",
                       BigInteger(told).ToDecimal(), there);
  }
  // The inputs of a sample are counted in the list that it was drawn from.
  const auto is_there = [&](uint64_t index) {
    return sampled ? index < settings.sampled_from : IsOfShards(totals.shards(), entries, index);
  };
  const auto ascending = [&](const auto& rows) {
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!is_there(rows[i].index) || (i > 0 && rows[i].index <= rows[i - 1].index)) return false;
    }
    return true;
  };
  if (!ascending(totals.failed())) return "\"failed\" has an \"index\" twice or of no such input";
  if (!ascending(totals.nonfinite().first)) {
    return "\"nonfinite\" has an \"index\" twice or of no such input";
  }
  return "";
}

Wide Total(const std::map<int, uint64_t>& counts) {
  Wide sum = 0;
  for (const auto& [value, count] : counts) sum += count;
  return sum;
}

bool HasZero(const std::map<int, uint64_t>& counts) {
  return std::any_of(counts.begin(), counts.end(), [](const auto& row) { return row.second == 0; });
}

std::string OfSizes(const SizeCounts& sizes, uint64_t images) {
  for (const auto& [key, counts] :
       {std::pair("widths", &sizes.widths), std::pair("heights", &sizes.heights),
        std::pair("log2_pixels", &sizes.log2_pixels)}) {
    if (Total(*counts) != images || HasZero(*counts)) {
      return fmt::format("\"{}\" does not add up to \"images\"", key);
    }
  }
  if (!sizes.log2_pixels.empty() && sizes.log2_pixels.rbegin()->first > 61) {
    return "\"log2_pixels\" is more than sides of 2^31 - 1 make";
  }
  if (sizes.pairs_given_up) {
    const bool many = sizes.widths.size() * sizes.heights.size() > SizeCounts::kMaxPairs;
    return many && images > SizeCounts::kMaxPairs ? "" : "\"sizes\" is null without need";
  }
  SizeCounts made;
  for (const auto& [size, count] : sizes.pairs) {
    if (count == 0 || count > images) return "\"sizes\" does not add up to \"images\"";
    made.Add(size.first, size.second, count);
  }
  if (made.widths != sizes.widths) return "\"widths\" contradicts \"sizes\"";
  if (made.heights != sizes.heights) return "\"heights\" contradicts \"sizes\"";
  if (made.log2_pixels != sizes.log2_pixels) return "\"log2_pixels\" contradicts \"sizes\"";
  return "";
}

AreaBounds BoundsOf(const SizeCounts& sizes) {
  AreaBounds out;
  if (sizes.pairs_given_up) {
    out.most = Dyadic(uint64_t(sizes.widths.rbegin()->first)) *
               Dyadic(uint64_t(sizes.heights.rbegin()->first));
    for (const auto& [log2, count] : sizes.log2_pixels) {
      out.all = out.all + Dyadic(count) * Dyadic((uint64_t{2} << log2) - 1);
    }
    return out;
  }
  for (const auto& [size, count] : sizes.pairs) {
    const Dyadic area(uint64_t(size.first) * uint64_t(size.second));
    if (AtMost(out.most, area)) out.most = area;
    out.all = out.all + Dyadic(count) * area;
  }
  return out;
}

std::string OfHistogram(const GroupMoments& moments) {
  for (const ChannelMoments& channel : moments.channels) {
    const std::vector<uint64_t>& counts = channel.histogram;
    if (counts.empty()) return "";
    ExactSum pixels, sum, squares;
    std::optional<size_t> low, high;
    for (size_t value = 0; value < counts.size(); ++value) {
      if (counts[value] == 0) continue;
      pixels.Add(counts[value]);
      sum.AddProduct(counts[value], uint64_t(value));
      squares.AddProduct(counts[value], uint64_t(value) * value);
      if (!low) low = value;
      high = value;
    }
    if (!Same(pixels, moments.pixels)) return "\"histogram\" does not add up to \"pixels\"";
    if (!Same(sum, channel.sum)) return "\"histogram\" does not add up to \"sum\"";
    if (!Same(squares, channel.sum_squares)) {
      return "\"histogram\" does not add up to \"sum_squares\"";
    }
    if (low && (double(*low) != channel.min || double(*high) != channel.max)) {
      return "\"histogram\" contradicts \"min\" or \"max\"";
    }
  }
  return "";
}

// The classes' sums are the whole's.
std::string OfClasses(const Totals& totals, const AreaBounds& areas) {
  const GroupMoments& whole = totals.moments();
  GroupMoments sum;
  sum.Reset(totals.settings(), false);
  for (const auto& [name, moments] : totals.classes()) {
    const auto in_class = [&name = name](std::string_view fault) {
      return fmt::format("\"per_class\", \"{}\": {}", PrintableName(name), fault);
    };
    if (moments.images == 0 || moments.images > whole.images - sum.images) {
      return in_class("\"images\" does not add up to those of all");
    }
    if (const std::string fault = ImplausibleSums(moments, totals.settings(), areas);
        !fault.empty()) {
      return in_class(fault);
    }
    sum.Add(moments);
  }
  const auto fault = [](std::string_view key) {
    return fmt::format("\"per_class\": \"{}\" does not add up to that of all", key);
  };
  if (sum.images != whole.images) return fault("images");
  if (sum.measured != whole.measured) return fault("measured");
  if (!Same(sum.pixels, whole.pixels)) return fault("pixels");
  if (!Same(sum.weight_squares, whole.weight_squares)) return fault("weight_squares");
  for (size_t c = 0; c < whole.channels.size(); ++c) {
    const ChannelMoments &a = sum.channels[c], &b = whole.channels[c];
    for (const NamedSum& named : kChannelSums) {
      if (!Same(a.*named.member, b.*named.member)) return fault(named.key);
    }
    if (whole.measured > 0 && a.min != b.min) return fault("min");
    if (whole.measured > 0 && a.max != b.max) return fault("max");
  }
  if (!std::equal(sum.cross.begin(), sum.cross.end(), whole.cross.begin(),
                  [](const auto& a, const auto& b) { return Same(a, b); })) {
    return fault("cross");
  }
  if (!std::equal(sum.image_cross.begin(), sum.image_cross.end(), whole.image_cross.begin(),
                  [](const auto& a, const auto& b) { return Same(a, b); })) {
    return fault("image_cross");
  }
  return "";
}

// A pixel is left out for one channel at least, and a channel of it is no number in one way only.
std::string OfNonfinite(const Totals& totals, const AreaBounds& areas) {
  const NonfiniteCounts& counts = totals.nonfinite();
  if (counts.inputs > totals.images() || counts.pixels < counts.inputs ||
      (counts.inputs == 0) != (counts.pixels == 0)) {
    return "\"nonfinite\": \"inputs\" and \"pixels\" contradict each other";
  }
  if (!AtMost(Dyadic(counts.pixels) + Dyadic(totals.moments().pixels), areas.all)) {
    return "\"nonfinite\": \"pixels\" is more than the pictures' \"sizes\" hold";
  }
  Wide reasons = 0;
  for (size_t c = 0; c < counts.nan.size(); ++c) {
    const Wide of_channel =
        Wide(counts.nan[c]) + counts.positive_infinity[c] + counts.negative_infinity[c];
    if (of_channel > counts.pixels) {
      return "\"nonfinite\": \"nan\", \"positive_infinity\" and \"negative_infinity\" are more "
             "than \"pixels\"";
    }
    reasons += of_channel;
  }
  if (reasons < counts.pixels) {
    return "\"nonfinite\": \"pixels\" is more than \"nan\", \"positive_infinity\" and "
           "\"negative_infinity\" make";
  }
  if (counts.first.size() != std::min<uint64_t>(counts.inputs, NonfiniteCounts::kMostNamed)) {
    return "\"nonfinite\": \"first\" does not name the first \"inputs\"";
  }
  Wide named = 0;
  for (const NonfiniteInput& input : counts.first) {
    if (input.pixels == 0) return "\"nonfinite\": \"first\" has an input with no such \"pixels\"";
    named += input.pixels;
  }
  const uint64_t others = counts.inputs - counts.first.size();
  if (others == 0 ? named != counts.pixels : named + others > counts.pixels) {
    return "\"nonfinite\": \"first\" does not add up to \"pixels\"";
  }
  return "";
}

std::string OfNotes(const Totals& totals) {
  for (const uint64_t count : totals.notes().of) {
    if (count > totals.images()) return "\"notes\" counts more pictures than there are";
  }
  return "";
}

}  // namespace

std::string ImplausibleTotals(const Totals& totals) {
  std::string fault = OfList(totals);
  if (fault.empty()) fault = OfSizes(totals.sizes(), totals.images());
  if (!fault.empty()) return fault;
  const AreaBounds areas = BoundsOf(totals.sizes());
  fault = ImplausibleSums(totals.moments(), totals.settings(), areas);
  if (fault.empty()) fault = OfHistogram(totals.moments());
  if (fault.empty()) fault = OfNotes(totals);
  if (fault.empty()) fault = OfNonfinite(totals, areas);
  if (fault.empty() && totals.settings().per_class) fault = OfClasses(totals, areas);
  return fault;
}

}  // namespace imnorm
