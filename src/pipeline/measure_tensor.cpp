// A tensor file -> exact statistics; every sample is an image.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>

#include "imnorm/layers.h"
#include "imnorm/run.h"
#include "normalize/layers/elements.h"
#include "parallel/ordered_run.h"
#include "pipeline/tensor_hash.h"

namespace imnorm {
namespace {

// The shape of a sample: channels and the sides of a plane.
struct SampleShape {
  int channels = 1;
  int height = 1;
  int width = 1;
  size_t plane() const { return size_t(height) * size_t(width); }
};

// Sums of planes of unsigned integers: plain loops, since the compiler vectorises them.
template <typename T>
void AddPlanes(const T* planes, const SampleShape& shape, PictureSums& sums) {
  const size_t plane = shape.plane();
  const auto channels = size_t(shape.channels);
  size_t pair = 0;
  for (size_t c = 0; c < channels; ++c) {
    const T* a = planes + c * plane;
    uint64_t sum = 0;
    uint64_t squares = 0;
    for (size_t i = 0; i < plane; ++i) {
      sum += a[i];
      squares += uint64_t(a[i]) * a[i];
    }
    sums.sum[c] = sum;
    sums.sum_squares[c] = squares;
    const auto [min, max] = std::minmax_element(a, a + plane);
    sums.min[c] = *min;
    sums.max[c] = *max;
    if (!sums.histogram.empty()) {
      uint64_t* histogram = sums.histogram.data() + c * size_t(sums.levels);
      for (size_t i = 0; i < plane; ++i) ++histogram[a[i]];
    }
    for (size_t d = c + 1; d < channels && !sums.cross.empty(); ++d) {
      const T* b = planes + d * plane;
      uint64_t product = 0;
      for (size_t i = 0; i < plane; ++i) product += uint64_t(a[i]) * b[i];
      sums.cross[pair++] = product;
    }
  }
}

class TensorStages {
 public:
  struct Worker {
    std::vector<uint8_t> bytes;
    std::vector<double> wide;
  };
  struct Slot {
    Result<void> read;
    PictureSums integers;
    FloatSums floats;
  };

  TensorStages(TensorSamples& samples, ElementType type, const SampleShape& shape, uint64_t first,
               uint64_t count, const std::string& path, const RunOptions& options, Totals& totals)
      : samples_(samples),
        type_(type),
        shape_(shape),
        first_(first),
        count_(count),
        path_(path),
        options_(options),
        totals_(totals) {}

  bool Stopped() const { return failed_ || options_.stop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    const size_t elements = size_t(shape_.channels) * shape_.plane();
    worker.bytes.resize(elements * ElementBytes(type_));
    slot.read = samples_.Read(int64_t(first_ + item), 1, worker.bytes.data());
    if (!slot.read) return;
    if (type_ == ElementType::kU8 || type_ == ElementType::kU16) {
      AddIntegers(worker.bytes.data(), slot.integers);
      return;
    }
    slot.floats.Reset(shape_.width, shape_.height, shape_.channels, totals_.settings().cross);
    if (type_ == ElementType::kF32) {
      AddFloatPixels(reinterpret_cast<const float*>(worker.bytes.data()), shape_.plane(), 1,
                     shape_.plane(), &slot.floats);
      return;
    }
    slot.read = Widen(worker, elements);
    if (!slot.read) return;
    AddFloatPixels(worker.wide.data(), shape_.plane(), 1, shape_.plane(), &slot.floats);
  }

  bool Collect(Slot& slot, size_t item) {
    if (failed_) return false;
    if (slot.read) {
      slot.read =
          IsInteger() ? totals_.Add(slot.integers) : totals_.Add(slot.floats, first_ + item, path_);
    }
    if (!slot.read) {
      error_ = slot.read.error();
      failed_ = true;
    }
    if (options_.progress) options_.progress(item + 1, 0, count_);
    return false;
  }

  bool Write(Slot&) { return true; }

  const std::optional<Error>& error() const { return error_; }

 private:
  bool IsInteger() const { return type_ == ElementType::kU8 || type_ == ElementType::kU16; }

  void AddIntegers(const uint8_t* bytes, PictureSums& sums) {
    const auto channels = size_t(shape_.channels);
    sums.width = shape_.width;
    sums.height = shape_.height;
    sums.channels = shape_.channels;
    sums.levels = type_ == ElementType::kU16 ? 65536 : 256;
    sums.pixels = shape_.plane();
    sums.sum.assign(channels, 0);
    sums.sum_squares.assign(channels, 0);
    sums.min.assign(channels, 0);
    sums.max.assign(channels, 0);
    sums.cross.assign(totals_.settings().cross ? channels * (channels - 1) / 2 : 0, 0);
    sums.histogram.assign(totals_.settings().histogram ? channels * size_t(sums.levels) : 0, 0);
    if (type_ == ElementType::kU16) {
      AddPlanes(reinterpret_cast<const uint16_t*>(bytes), shape_, sums);
    } else {
      AddPlanes(bytes, shape_, sums);
    }
  }

  // Every type but float32 and int64 fits a double.
  //
  // Errors:   kUnsupported: an int64 that a double would round
  Result<void> Widen(Worker& worker, size_t elements) {
    worker.wide.resize(elements);
    const auto copy = [&](auto zero) -> Result<void> {
      const auto* from = reinterpret_cast<const decltype(zero)*>(worker.bytes.data());
      std::copy_n(from, elements, worker.wide.begin());
      return {};
    };
    switch (type_) {
      case ElementType::kF64:
        return copy(double{});
      case ElementType::kI8:
        return copy(int8_t{});
      case ElementType::kBool:
        for (uint8_t& b : worker.bytes) b = b != 0;
        return copy(uint8_t{});
      case ElementType::kI16:
        return copy(int16_t{});
      case ElementType::kI32:
        return copy(int32_t{});
      case ElementType::kI64: {
        const auto* from = reinterpret_cast<const int64_t*>(worker.bytes.data());
        constexpr int64_t kMost = int64_t{1} << 53;
        if (std::any_of(from, from + elements, [](int64_t v) { return v < -kMost || v > kMost; })) {
          return Fail(ErrorCode::kUnsupported, "int64 values beyond 2^53 cannot be added exactly");
        }
        return copy(int64_t{});
      }
      default:
        break;
    }
    std::vector<float> block(kLayerBlock);
    for (size_t at = 0; at < elements; at += kLayerBlock) {
      const size_t n = std::min(kLayerBlock, elements - at);
      const float* from =
          AsFloat32(type_, worker.bytes.data() + at * ElementBytes(type_), n, block.data());
      std::copy_n(from, n, worker.wide.begin() + ptrdiff_t(at));
    }
    return {};
  }

  TensorSamples& samples_;
  const ElementType type_;
  const SampleShape shape_;
  const uint64_t first_;
  const uint64_t count_;
  const std::string& path_;
  const RunOptions& options_;
  Totals& totals_;
  std::atomic<bool> failed_{false};  // asked by the source's thread while Collect runs
  std::optional<Error> error_;
};

}  // namespace

Result<StatsResult> MeasureTensor(const TensorSource& source, uint64_t shard, uint64_t shards,
                                  const StatsOptions& stats, const RunOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  const std::string& path = source.path;
  auto file = TensorFile::Open(path, source.name);
  if (!file) return Failed(file);
  LayerJob job;
  if (auto described = DescribeTensor(*file, &job); !described) {
    return Prefixed(path, std::move(described.error()));
  }
  const auto& sides = job.sample_shape;
  constexpr int64_t kMostChannels = 4096;
  if (sides[0] > kMostChannels || sides.back() > (1 << 30) ||
      (sides.size() == 3 && sides[1] > (1 << 30))) {
    return Fail(ErrorCode::kTooLarge, fmt::format("{}: {} channels, where statistics take {}", path,
                                                  sides[0], kMostChannels));
  }
  const SampleShape shape{int(sides[0]), sides.size() == 3 ? int(sides[1]) : 1,
                          sides.size() >= 2 ? int(sides.back()) : 1};

  const ElementType type = file->type();
  const bool is_float = type != ElementType::kU8 && type != ElementType::kU16;
  StatsSettings settings;
  static_cast<StatsNumbers&>(settings) = stats.numbers;
  settings.channels = shape.channels;
  // Pairs of channels grow with their square: beyond some dozens nobody reads them.
  settings.cross = shape.channels <= 64;
  settings.samples = is_float                    ? SampleKind::kFloat
                     : type == ElementType::kU16 ? SampleKind::kU16
                                                 : SampleKind::kU8;
  settings.scale = stats.scale.value_or(UsualScale(type));
  settings.channel_order = "native";
  const std::string hash = TensorHash(source);
  settings.list_hash = "xxh3-128:" + hash;
  settings.list_entries = uint64_t(file->shape()[0]);
  if (is_float && settings.histogram) {
    return Blame("measure.histogram",
                 path +
                     ": `measure.histogram` and `measure.percentiles` count integer samples, not " +
                     ElementTypeName(type));
  }

  TensorSamples samples(*file);
  const ShardRange range = ShardOf(size_t(samples.count()), shard, shards);
  StatsResult result{Totals(settings, ShardSet{int(shards), {int(shard)}}), RunReport()};
  TensorStages stages(samples, type, shape, range.begin, range.end - range.begin, path, options,
                      result.totals);
  RunOrdered(stages, range.end - range.begin,
             {.threads = options.threads > 0 ? options.threads : UsableCpus()});
  if (options.stop()) {
    return Fail(ErrorCode::kCancelled, "stopped");
  }
  if (stages.error()) {
    Error error = *stages.error();
    return Prefixed(path, std::move(error));
  }
  result.report.list_hash = hash;
  result.report.input_shape = file->shape();
  result.report.list_size = samples.count();
  result.report.inputs = result.report.done = range.end - range.begin;
  result.report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace imnorm
