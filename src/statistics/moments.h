// The exact sums of one population of pictures: a data set, or a class of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "imnorm/exact_sum.h"
#include "imnorm/statistics.h"

namespace imnorm {

// What one picture says about one channel: how much it weighs, and its first and second moment
// times that weight. These are the samples over which standard errors are estimated, since pixels
// of one picture are not independent.
//
// Numbers:  PixelWeight::kPixel: (pixels, sum, sum of squares), integers for integer samples.
//           PixelWeight::kImage: (1, mean, mean^2 + variance), where mean and variance are a
//           picture's own, one rounding each, and the square is exact in image_second, so that
//           equal constant pictures have a spread of exactly 0
struct ChannelMoments {
  ExactSum sum;  // of the pixels
  ExactSum sum_squares;
  ExactSum image_mean;    // of the pictures' means: the first moment of kImage
  ExactSum image_second;  // of the pictures' second moments; only with kImage
  ExactSum image_std;     // of the pictures' stds
  ExactSum image_std_squares;
  ExactSum weight_first;  // sum over pictures of weight * first moment, and so on
  ExactSum weight_second;
  ExactSum first_squares;
  ExactSum second_squares;
  ExactSum first_second;
  double min = 0;  // meaningful only if any pixel counted
  double max = 0;
  std::vector<uint64_t> histogram;
};

// The sums of a channel by the names of their members in "exact", in the order of the file.
struct NamedSum {
  const char* key;
  ExactSum ChannelMoments::*member;
  bool only_by_image = false;
  bool of_weights = false;  // whole for integer samples, unless pictures weigh the same
};
inline constexpr NamedSum kChannelSums[] = {
    {"sum", &ChannelMoments::sum},
    {"sum_squares", &ChannelMoments::sum_squares},
    {"image_mean", &ChannelMoments::image_mean},
    {"image_second", &ChannelMoments::image_second, true},
    {"image_std", &ChannelMoments::image_std},
    {"image_std_squares", &ChannelMoments::image_std_squares},
    {"weight_first", &ChannelMoments::weight_first, false, true},
    {"weight_second", &ChannelMoments::weight_second, false, true},
    {"first_squares", &ChannelMoments::first_squares, false, true},
    {"second_squares", &ChannelMoments::second_squares, false, true},
    {"first_second", &ChannelMoments::first_second, false, true},
};

struct GroupMoments {
  uint64_t images = 0;    // all
  uint64_t measured = 0;  // those of which any pixel counted
  ExactSum pixels;
  ExactSum weight_squares;
  std::vector<ChannelMoments> channels;
  std::vector<ExactSum> cross;        // of the pixels, in PictureSums' order of pairs
  std::vector<ExactSum> image_cross;  // of the pictures' means of products; only with kImage

  void Reset(const StatsSettings& settings, bool with_histogram);
  void Add(const PictureSums& picture, const StatsSettings& settings);
  void Add(const FloatSums& picture, const StatsSettings& settings);
  void Add(const GroupMoments& other);
};

// How often each picture size occurred.
//
// Rules:    pairs are kept up to kMaxPairs different ones and given up beyond, which does not
//           depend on the order in which pictures or shards come
struct SizeCounts {
  static constexpr size_t kMaxPairs = 4096;
  std::map<int, uint64_t> widths;
  std::map<int, uint64_t> heights;
  std::map<int, uint64_t> log2_pixels;  // floor(log2(width * height))
  std::map<std::pair<int, int>, uint64_t> pairs;
  bool pairs_given_up = false;

  void Add(int width, int height, uint64_t count = 1);
  void Add(const SizeCounts& other);

 private:
  void AddPair(std::pair<int, int> size, uint64_t count);
};

// Smallest, middle and largest of counted values; the median of an even number is the middle
// between the two.
struct SizeRange {
  int min = 0;
  double median = 0;
  int max = 0;
};
std::optional<SizeRange> RangeOf(const std::map<int, uint64_t>& counts);

// Adds `from`, keeping the names of the first inputs in list order.
void AddNonfinite(const NonfiniteCounts& from, NonfiniteCounts* to);

}  // namespace imnorm
