// Counts pictures by their size.
#include <bit>

#include "statistics/moments.h"

namespace imnorm {

void SizeCounts::Add(int width, int height, uint64_t count) {
  widths[width] += count;
  heights[height] += count;
  const uint64_t area = uint64_t(width) * uint64_t(height);
  log2_pixels[int(std::bit_width(area)) - 1] += count;
  AddPair({width, height}, count);
}

void SizeCounts::AddPair(std::pair<int, int> size, uint64_t count) {
  if (pairs_given_up) return;
  pairs[size] += count;
  if (pairs.size() <= kMaxPairs) return;
  pairs.clear();
  pairs_given_up = true;
}

void SizeCounts::Add(const SizeCounts& other) {
  for (const auto& [size, count] : other.widths) widths[size] += count;
  for (const auto& [size, count] : other.heights) heights[size] += count;
  for (const auto& [log2, count] : other.log2_pixels) log2_pixels[log2] += count;
  if (other.pairs_given_up) pairs.clear();
  pairs_given_up = pairs_given_up || other.pairs_given_up;
  for (const auto& [size, count] : other.pairs) AddPair(size, count);
}

std::optional<SizeRange> RangeOf(const std::map<int, uint64_t>& counts) {
  if (counts.empty()) return std::nullopt;
  uint64_t total = 0;
  for (const auto& [value, count] : counts) total += count;
  const auto at = [&](uint64_t rank) {
    for (const auto& [value, count] : counts) {
      if (rank < count) return value;
      rank -= count;
    }
    return counts.rbegin()->first;
  };
  const double median = (double(at((total - 1) / 2)) + double(at(total / 2))) / 2;
  return SizeRange{counts.begin()->first, median, counts.rbegin()->first};
}

}  // namespace imnorm
