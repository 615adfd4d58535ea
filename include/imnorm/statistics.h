// Exact dataset statistics: integer sums a picture, wide totals, numbers rounded once.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/exact_sum.h"
#include "imnorm/notes.h"

namespace imnorm {

// One picture's sums over the pixels that count.
//
// Shapes:   sum, sum_squares, min, max one a channel; cross one a pair c1 < c2, in the order
//           (0,1) (0,2) ... (1,2) ..., or empty; histogram empty or [channels][levels]
// Numbers:  exact; a u64 holds 2.8e14 8-bit pixels, 4.2e9 16-bit ones (max_pixels is below both)
struct PictureSums {
  int width = 0;
  int height = 0;
  int channels = 0;
  int levels = 256;  // 256 or 65536
  uint64_t pixels = 0;
  std::vector<uint64_t> sum;
  std::vector<uint64_t> sum_squares;
  std::vector<uint64_t> cross;
  std::vector<uint32_t> min;
  std::vector<uint32_t> max;
  std::vector<uint64_t> histogram;
};

// The same for float samples, which are added without error.
//
// Rules:    a pixel of which any channel is NaN or infinite does not count and is in
//           nonfinite_pixels; the counters a channel say why
// Shapes:   all vectors as in PictureSums
struct FloatSums {
  int width = 0;
  int height = 0;
  int channels = 0;
  uint64_t pixels = 0;
  std::vector<ExactSum> sum;
  std::vector<ExactSum> sum_squares;
  std::vector<ExactSum> cross;
  std::vector<double> min;
  std::vector<double> max;
  uint64_t nonfinite_pixels = 0;
  std::vector<uint64_t> nan;
  std::vector<uint64_t> positive_infinity;
  std::vector<uint64_t> negative_infinity;

  // Zero sums; `with_cross` false leaves the products of channels out.
  void Reset(int new_width, int new_height, int new_channels, bool with_cross);
};

// Adds pixels to the sums: value c of pixel i stands at in[i * pixel_stride + c * channel_stride],
// so rows of an interleaved picture and planes of a tensor are read alike.
//
// Numbers:  exact; -0 counts as 0
// Threads:  safe on different sums
void AddFloatPixels(const float* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums);
void AddFloatPixels(const double* in, size_t pixels, size_t pixel_stride, size_t channel_stride,
                    FloatSums* sums);

enum class PixelWeight { kPixel, kImage };  // every pixel counts the same, or every picture
enum class StdOf { kPooled, kImageMean };   // kImageMean: the mean of the pictures' own stds
enum class SampleKind { kU8, kU16, kFloat };

// Which numbers are made of the samples, whatever these turn out to be.
struct StatsNumbers {
  int ddof = 0;  // 0 or 1
  PixelWeight weight = PixelWeight::kPixel;
  StdOf std_of = StdOf::kPooled;
  bool histogram = false;
  std::vector<double> percentiles;  // 0..100, beside 1 5 25 50 75 95 99; with histogram only
  bool per_class = false;
};

// What is measured: everything that must be equal for two partial results to be added.
struct StatsSettings : StatsNumbers {
  int channels = 3;
  SampleKind samples = SampleKind::kU8;
  double scale = 255.0;                 // printed values are samples / scale
  std::string channel_order = "rgb";    // rgb, bgr, gray, native
  std::string pixels_are = "native";    // or the geometry, in words
  std::string plan;                     // the resolved plan as JSON text, or empty
  std::string list_hash;                // of the whole list, whatever the shard
  uint64_t list_entries = 0;            // of the whole list
  bool cross = true;                    // covariance, correlation, eigenvectors
  std::optional<uint64_t> sample_seed;  // set: the list was sampled, from so many entries:
  uint64_t sampled_from = 0;
};

// An input that could not be measured.
struct StatsFailure {
  uint64_t index = 0;  // in the whole list, whatever the shard
  std::string path;
  std::string reason;
  bool operator==(const StatsFailure&) const = default;
};

// An input with values that are no numbers.
struct NonfiniteInput {
  uint64_t index = 0;
  std::string path;
  uint64_t pixels = 0;
  bool operator==(const NonfiniteInput&) const = default;
};

// What was left out of float data, and the first inputs that held it.
struct NonfiniteCounts {
  static constexpr size_t kMostNamed = 100;
  uint64_t inputs = 0;
  uint64_t pixels = 0;
  std::vector<uint64_t> nan, positive_infinity, negative_infinity;  // one a channel
  std::vector<NonfiniteInput> first;                                // in list order
};

// Which shards of a run a result holds, 1-based, ascending.
struct ShardSet {
  int count = 1;
  std::vector<int> have = {1};
  bool operator==(const ShardSet&) const = default;
};

struct GroupMoments;
struct SizeCounts;

// The running totals of a data set, or of a shard of it.
//
// Rules:    pictures may come in any order: equal sets of pictures give equal totals, bit for bit.
//           With kU16, 8-bit pictures are widened (times 257, so that 255 becomes 65535)
// Numbers:  nothing is rounded but a picture's own mean and std, each to one double
// Threads:  one writer; totals of several threads or machines are added with MergeStats
class Totals {
 public:
  explicit Totals(StatsSettings settings, ShardSet shards = {});
  Totals(const Totals&);
  Totals(Totals&&) noexcept;
  Totals& operator=(Totals) noexcept;
  ~Totals();

  // Adds one picture; `class_name` matters only with per_class. A picture of which no pixel counts
  // is counted among the images and their sizes, and nothing else.
  //
  // Errors:   kUnsupported: channels or depth differ from the settings
  Result<void> Add(const PictureSums& picture, std::string_view class_name = {});

  // The same for float samples; index and path name an input that holds NaN or infinities.
  //
  // Errors:   kUnsupported: also values whose squares do not fit a double (beyond 1e154)
  Result<void> Add(const FloatSums& picture, uint64_t index, std::string_view path,
                   std::string_view class_name = {});

  void AddFailure(uint64_t index, std::string path, std::string reason);

  // Counts what was skipped in a picture that was added.
  void AddNotes(NoteSet notes) { notes_.Add(notes); }

  const StatsSettings& settings() const { return settings_; }
  const ShardSet& shards() const { return shards_; }
  const std::vector<StatsFailure>& failed() const { return failed_; }  // in list order
  const NonfiniteCounts& nonfinite() const { return nonfinite_; }
  const NoteCounts& notes() const { return notes_; }
  uint64_t images() const;
  const GroupMoments& moments() const { return *moments_; }
  const SizeCounts& sizes() const { return *sizes_; }
  // By the bytes of their names.
  const std::map<std::string, GroupMoments, std::less<>>& classes() const { return classes_; }

 private:
  friend struct TotalsAccess;  // the reader of JSON and the merge
  GroupMoments& ClassOf(std::string_view name);

  StatsSettings settings_;
  ShardSet shards_;
  std::vector<StatsFailure> failed_;
  NonfiniteCounts nonfinite_;
  NoteCounts notes_;
  std::unique_ptr<GroupMoments> moments_;
  std::unique_ptr<SizeCounts> sizes_;
  std::map<std::string, GroupMoments, std::less<>> classes_;
};

// The totals as JSON (schema imnorm.stats/1), ends in a newline.
//
// Numbers:  17 significant digits; the same totals give the same bytes. The last member is a
//           checksum over all others
std::string StatsToJson(const Totals& totals);

// Reads what StatsToJson wrote, and believes nothing of it.
//
// Rules:    the sums must be such as pictures can have, every printed number what the sums give,
//           and the checksum that of the rest. A file without one (written by 0.1.0 or another
//           program) is read by the same rules
// Errors:   kCorrupt: not JSON, another schema, a member missing, of a wrong kind, impossible or
//           changed (named)
Result<Totals> ParseStats(std::string_view json);

// What normalisation needs of statistics: those of a file, or measured before; of percentiles, 0 to
// 100, those that are named.
//
// Shapes:   mean, std [channels]; percentiles [percents][channels], on the same scale
// Errors:   kCorrupt as above; kUnsupported: no pixel was measured, or percentiles are asked for
//           where no histogram was
struct StatsValues {
  std::vector<double> mean;
  std::vector<double> std;
  double scale = 255.0;
  std::string channel_order;
  std::vector<std::vector<double>> percentiles;
};
Result<StatsValues> ReadStatsValues(std::string_view json,
                                    const std::vector<double>& percents = {});
Result<StatsValues> ValuesOf(const Totals& totals, const std::vector<double>& percents = {});

// Adds the results of shards, in any order.
//
// Rules:    the bytes of StatsToJson equal those of an unsharded run. `names` are the parts' own,
//           for the messages; none, or one a part
// Errors:   kBadArgument: nothing to add, other inputs, another plan or other settings (named), a
//           shard twice, a shard missing (named) unless `allow_missing`
Result<Totals> MergeStats(std::vector<Totals> parts, bool allow_missing = false,
                          const std::vector<std::string>& names = {});

// The same numbers in the words of a tool that takes them.
enum class EmitFormat { kJson, kTorchvision, kHf, kTimm, kOpencv, kOpenvino, kCsv };

// Errors:   kBadArgument, with the known names
Result<EmitFormat> EmitFormatFromName(std::string_view name);

// Text ready to paste, ends in a newline; kHf, kTimm and kOpenvino in RGB order, never BGR.
//
// Numbers:  the shortest digits that read back as the very doubles of the JSON; kOpencv and
//           kOpenvino on the scale of the samples (0..255), as those tools take them
// Errors:   kUnsupported: no pixel was measured (never for kJson and kCsv)
Result<std::string> EmitStats(const Totals& totals, EmitFormat format);

struct TableOptions {
  size_t width = 80;          // columns of the terminal
  bool list_failures = true;  // false: they were listed as they came
};

// A table for a terminal: channels by rows, counts, what failed, and a sparkline a channel where a
// histogram was asked for.
std::string StatsTable(const Totals& totals, const TableOptions& options = {});

// One picture's numbers as a line, ends in a newline; and the line before the first (empty for
// JSON lines).
//
// Units:    the scale of the settings; in CSV a path's bytes of no UTF-8 character are "\xff"
enum class RowFormat { kJsonLines, kCsv };
std::string PictureRowHeader(const StatsSettings& settings, RowFormat format);
std::string PictureRow(const PictureSums& picture, std::string_view path,
                       const StatsSettings& settings, RowFormat format);
std::string PictureRow(const FloatSums& picture, std::string_view path,
                       const StatsSettings& settings, RowFormat format);

// The numbers 0 .. entries - 1 in an order that depends on nothing but the seed.
//
// Numbers:  Fisher and Yates from the front: place i takes one of the places i .. entries - 1,
// drawn
//           without bias by multiplying a SplitMix64 output with their count and rejecting the
//           overhang (Lemire 2019)
// Source:   Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014)
std::vector<uint64_t> RandomOrder(uint64_t entries, uint64_t seed);

// The first `count` of RandomOrder, ascending: the subset that a sample measures. A larger sample
// of the same seed holds every smaller one.
std::vector<uint64_t> SampleOf(uint64_t entries, uint64_t count, uint64_t seed);

// Says when a mean and std are sure enough: every standard error is at most `relative_error` of its
// value. Looks at growing counts of pictures (30, then 5% more each time), because looking at every
// one would stop on a lucky low; so the answer depends on the order of pictures only.
class StopRule {
 public:
  explicit StopRule(double relative_error) : relative_error_(relative_error) {}

  // To be asked after each picture.
  bool Reached(const Totals& totals);

  // The same of totals that another rule was asked about, picture after picture, until now.
  bool WasReached(const Totals& totals);

 private:
  double relative_error_;
  uint64_t next_look_ = 30;
};

}  // namespace imnorm
