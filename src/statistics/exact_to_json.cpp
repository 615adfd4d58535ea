// Writes the exact sums of a statistics file.
#include "statistics/exact_to_json.h"

#include "statistics/moments.h"
#include "statistics/summary.h"

namespace imnorm {
namespace {

template <typename Item, typename Text>
std::string ListOf(const std::vector<Item>& items, Text text) {
  std::vector<std::string> texts;
  for (const Item& item : items) texts.push_back(text(item));
  return JsonList(texts);
}

std::string Quoted(uint64_t value) { return JsonString(std::to_string(value)); }

std::string Quoted(const ExactSum& sum, bool integer) { return JsonString(sum.ToText(integer)); }

std::string SumsOf(const GroupMoments& moments, ExactSum ChannelMoments::*member, bool integer) {
  return ListOf(moments.channels,
                [&](const ChannelMoments& c) { return Quoted(c.*member, integer); });
}

std::string CountsOf(const std::map<int, uint64_t>& counts) {
  std::vector<std::string> items;
  for (const auto& [value, count] : counts) items.push_back(JsonCounts({uint64_t(value), count}));
  return JsonList(items);
}

}  // namespace

void AddExactMoments(const GroupMoments& moments, const StatsSettings& settings, JsonObject* out) {
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

std::string ExactToJson(const Totals& totals) {
  const StatsSettings& settings = totals.settings();
  JsonObject out(1);
  JsonRow list;
  list.Add("hash", JsonString(settings.list_hash));
  list.Add("entries", settings.list_entries);
  out.Add("list", list.Text());
  JsonRow shards;
  shards.Add("count", totals.shards().count);
  const std::vector<int>& have = totals.shards().have;
  shards.Add("have", JsonCounts(std::vector<uint64_t>(have.begin(), have.end())));
  out.Add("shards", shards.Text());
  AddExactMoments(totals.moments(), settings, &out);
  const SizeCounts& sizes = totals.sizes();
  out.Add("widths", CountsOf(sizes.widths));
  out.Add("heights", CountsOf(sizes.heights));
  out.Add("log2_pixels", CountsOf(sizes.log2_pixels));
  std::vector<std::string> pairs;
  for (const auto& [size, count] : sizes.pairs) {
    pairs.push_back(JsonCounts({uint64_t(size.first), uint64_t(size.second), count}));
  }
  out.Add("sizes", sizes.pairs_given_up ? "null" : JsonList(pairs));
  if (settings.histogram) {
    out.Add("histogram", ListOf(totals.moments().channels, [](const ChannelMoments& channel) {
              return JsonCounts(channel.histogram);
            }));
  }
  return out.Text();
}

}  // namespace imnorm
