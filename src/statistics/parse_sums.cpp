// Reads exact sums, one member after the other.
#include "statistics/parse_sums.h"

#include <fmt/format.h>

#include <limits>

namespace imnorm {
namespace {

using Json = JsonReader::Json;

void ReadCounts(const Json& exact, const char* key, JsonReader* reader,
                std::map<int, uint64_t>* counts) {
  for (const Json& row : reader->List(exact, key)) {
    if (!row.is_array() || row.size() != 2) {
      reader->Refuse(fmt::format("\"{}\" holds no [value, count] pairs", key));
      return;
    }
    const int value = reader->Int(row[0], key, 0, std::numeric_limits<int>::max());
    if (!counts->empty() && value <= counts->rbegin()->first) {
      reader->Refuse(fmt::format("\"{}\" is not ascending", key));
    }
    (*counts)[value] = reader->Count(row[1], key);
  }
}

}  // namespace

void ReadMoments(const Json& exact, const StatsSettings& settings, JsonReader* reader,
                 GroupMoments* out) {
  const size_t count = out->channels.size();
  const bool by_image = settings.weight == PixelWeight::kImage;
  out->images = reader->CountOf(exact, "images");
  out->measured = reader->CountOf(exact, "measured");
  out->pixels = reader->Sum(reader->Member(exact, "pixels"), "pixels");
  out->weight_squares = reader->Sum(reader->Member(exact, "weight_squares"), "weight_squares");
  for (const NamedSum& named : kChannelSums) {
    if (named.only_by_image && !by_image) continue;
    const Json& list = reader->List(exact, named.key, count);
    for (size_t c = 0; c < list.size(); ++c) {
      out->channels[c].*named.member = reader->Sum(list[c], named.key);
    }
  }
  if (settings.cross) reader->Sums(exact, "cross", &out->cross);
  if (settings.cross && by_image) reader->Sums(exact, "image_cross", &out->image_cross);
  if (out->measured == 0) return;
  const Json& low = reader->List(exact, "min", count);
  const Json& high = reader->List(exact, "max", count);
  for (size_t c = 0; c < count && low.size() == count && high.size() == count; ++c) {
    out->channels[c].min = reader->Number(low[c], "min");
    out->channels[c].max = reader->Number(high[c], "max");
  }
}

void ReadSizes(const Json& exact, JsonReader* reader, SizeCounts* sizes) {
  ReadCounts(exact, "widths", reader, &sizes->widths);
  ReadCounts(exact, "heights", reader, &sizes->heights);
  ReadCounts(exact, "log2_pixels", reader, &sizes->log2_pixels);
  sizes->pairs_given_up = reader->Member(exact, "sizes").is_null();
  if (sizes->pairs_given_up) return;
  constexpr int kMost = std::numeric_limits<int>::max();
  const Json& rows = reader->List(exact, "sizes");
  if (rows.size() > SizeCounts::kMaxPairs) reader->Refuse("\"sizes\" has too many items");
  for (const Json& row : rows) {
    if (!row.is_array() || row.size() != 3) {
      reader->Refuse("\"sizes\" holds no [width, height, count] triples");
      return;
    }
    const std::pair size(reader->Int(row[0], "sizes", 0, kMost),
                         reader->Int(row[1], "sizes", 0, kMost));
    if (!sizes->pairs.empty() && size <= sizes->pairs.rbegin()->first) {
      reader->Refuse("\"sizes\" is not ascending");
    }
    sizes->pairs[size] = reader->Count(row[2], "sizes");
  }
}

void ReadHistogram(const Json& exact, JsonReader* reader, GroupMoments* moments) {
  const Json& rows = reader->List(exact, "histogram", moments->channels.size());
  for (size_t c = 0; c < rows.size(); ++c) {
    std::vector<uint64_t>& histogram = moments->channels[c].histogram;
    if (!rows[c].is_array() || rows[c].size() != histogram.size()) {
      reader->Refuse(fmt::format("\"histogram\" has not {} bins a channel", histogram.size()));
      return;
    }
    for (size_t i = 0; i < histogram.size(); ++i) {
      histogram[i] = reader->Count(rows[c][i], "histogram");
    }
  }
}

}  // namespace imnorm
