// Pictures -> exact statistics.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <numeric>

#include "geometry/placed_source.h"
#include "imnorm/run.h"
#include "pipeline/measure_settings.h"
#include "pipeline/ordered_pipeline.h"
#include "pipeline/picture_input.h"
#include "pipeline/run_log.h"
#include "pipeline/sums_consumer.h"
#include "sink/durable_stream.h"

namespace imnorm {
namespace {

// The picture at `path` as one channel.
Result<void> ReadMask(const std::string& path, int64_t max_pixels, PictureWorker& worker,
                      Image& mask) {
  DecodeOptions options;
  options.channels = DecodeChannels::kGray;
  options.max_pixels = max_pixels;
  if (auto read = ReadFile(path, uint64_t{1} << 30, false, worker.bytes); !read) return read;
  auto decoded = worker.decoder.Decode(worker.bytes, options, mask);
  if (!decoded) return tl::unexpected<Error>(std::move(decoded.error()));
  return {};
}

// Where the mask of a picture is: the same name below the folder, or the same stem with .png.
std::string MaskPath(const std::string& folder, std::string_view key) {
  std::string path = fmt::format("{}/{}", folder, key);
  if (access(path.c_str(), F_OK) == 0) return path;
  const size_t dot = path.rfind('.');
  return dot == std::string::npos || dot < path.rfind('/') ? path : path.substr(0, dot) + ".png";
}

// What the stages share.
struct Measurement {
  const Plan& plan;
  const StatsOptions& stats;
  DecodeOptions decode;
  Totals totals;
  std::vector<uint64_t> order;        // item -> index in the list
  std::optional<DurableStream> rows;  // --per-image
  RowFormat row_format = RowFormat::kJsonLines;
  std::optional<StopRule> until;
  std::optional<ImageInfo> native;  // --channels native: what every picture has to be
};

class MeasureStages {
 public:
  struct Worker {
    PictureWorker picture;
    PictureWorker mask_reader;
    Image mask;
    std::unique_ptr<SumsConsumer> sums;
    std::unique_ptr<PlacedSource> geometry;
  };
  struct Slot {
    PictureOutcome outcome;
    PictureSums sums;
    std::optional<FloatSums> floats;
  };

  MeasureStages(Measurement& run, RunLog& log) : run_(run), log_(log) {}

  bool Stopped() const { return satisfied_ || log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    if (!worker.sums) {
      worker.sums = std::make_unique<SumsConsumer>(ConsumerOptions());
      worker.geometry = MakePlacedSource(run_.plan.geometry, *worker.sums);
    }
    const Input& input = log_.input(item);
    const std::string& masks = run_.stats.filter.mask_dir;
    if (!masks.empty()) {
      const std::string path = MaskPath(masks, input.key());
      auto read = ReadMask(path, run_.plan.max_pixels, worker.mask_reader, worker.mask);
      if (!read) {
        slot.outcome = {};
        slot.outcome.passed_over = IsPassedOver(input, worker.picture);
        slot.outcome.decoded = Prefixed("mask " + path, std::move(read.error()));
        return;
      }
      worker.sums->SetMask(&worker.mask);
    }
    slot.outcome = IsNative(run_.plan.geometry)
                       ? DecodeInput(input, run_.decode, worker.picture, *worker.sums)
                       : DecodePlaced(input, run_.decode, worker.picture, *worker.geometry);
    slot.floats.reset();
    if (!slot.outcome.decoded) return;
    if (worker.sums->is_float()) slot.floats = worker.sums->FinishFloats();
    slot.sums = worker.sums->Finish();
  }

  bool Collect(Slot& slot, size_t item) {
    if (satisfied_) return false;
    const Input& input = log_.input(item);
    if (!log_.Add(item, slot.outcome, slot.sums.width, slot.sums.height)) {
      if (!slot.outcome.decoded && !slot.outcome.passed_over) {
        const Error& error = slot.outcome.decoded.error();
        run_.totals.AddFailure(run_.order[item], input.path,
                               fmt::format("{}: {}", ErrorCodeName(error.code), error.message));
      }
      return false;
    }
    auto added = slot.floats ? run_.totals.Add(*slot.floats, run_.order[item], input.path,
                                               input.top_folder())
                             : run_.totals.Add(slot.sums, input.top_folder());
    if (added && run_.rows) {
      const StatsSettings& settings = run_.totals.settings();
      added = run_.rows->Append(
          slot.floats ? PictureRow(*slot.floats, input.path, settings, run_.row_format)
                      : PictureRow(slot.sums, input.path, settings, run_.row_format));
    }
    if (!added) log_.Abort(std::move(added.error()));
    if (run_.until && run_.until->Reached(run_.totals)) satisfied_ = true;
    return false;
  }

  void Write(Slot&) {}

 private:
  SumsOptions ConsumerOptions() const {
    SumsOptions options;
    options.histogram = run_.totals.settings().histogram;
    options.bgr = run_.plan.channels == ChannelOrder::kBgr;
    options.alpha_mask = run_.plan.alpha == AlphaPolicy::kMask;
    options.ignore_values = run_.stats.filter.ignore_values;
    if (options.bgr) std::reverse(options.ignore_values.begin(), options.ignore_values.end());
    std::copy_n(run_.plan.geometry.fill, 3, options.fill);
    options.cross = run_.totals.settings().cross;
    options.only = run_.native;
    return options;
  }

  Measurement& run_;
  RunLog& log_;
  std::atomic<bool> satisfied_{false};
};

// The list in the order of the run: a sample or a random order; none: as it is. `order` says which
// input of the whole list each one was.
std::optional<InputList> Arrange(const InputList& list, const StatsOptions& stats,
                                 std::vector<uint64_t>& order) {
  const uint64_t size = list.inputs.size();
  order = stats.until    ? RandomOrder(size, stats.seed)
          : stats.sample ? SampleOf(size, std::min(*stats.sample, size), stats.seed)
                         : std::vector<uint64_t>();
  if (!stats.until && !stats.sample) {
    order.resize(size);
    std::iota(order.begin(), order.end(), uint64_t{0});
    return std::nullopt;
  }
  InputList chosen;
  chosen.passed_over = list.passed_over;
  chosen.inputs.reserve(order.size());
  for (const uint64_t index : order) chosen.inputs.push_back(list.inputs[index]);
  return chosen;
}

}  // namespace

Result<StatsResult> MeasurePictures(const InputList& list, uint64_t shard, uint64_t shards,
                                    const Plan& plan, const StatsOptions& stats,
                                    const RunOptions& options) {
  if (auto sound = CheckFilter(plan, stats.filter); !sound) {
    return tl::unexpected<Error>(std::move(sound.error()));
  }
  std::vector<uint64_t> order;
  const std::optional<InputList> chosen = Arrange(list, stats, order);
  const InputList& arranged = chosen ? *chosen : list;
  const InputList& measured = stats.until ? list : arranged;
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  std::optional<ImageInfo> native;
  if (plan.channels == ChannelOrder::kNative) native = ProbeFirstGood(measured, decode, options);
  StatsSettings settings = SettingsOf(measured, plan, stats, native);
  if (auto sound = CheckSettings(settings, stats.filter); !sound) {
    return tl::unexpected<Error>(std::move(sound.error()));
  }
  if (stats.sample || stats.until) {
    settings.sample_seed = stats.seed;
    settings.sampled_from = list.inputs.size();
  }
  const ShardRange range = ShardOf(arranged.inputs.size(), shard, shards);
  order = {order.begin() + ptrdiff_t(range.begin), order.begin() + ptrdiff_t(range.end)};
  Measurement run{plan,
                  stats,
                  decode,
                  Totals(settings, ShardSet{int(shards), {int(shard)}}),
                  std::move(order),
                  std::nullopt,
                  stats.per_image.ends_with(".csv") ? RowFormat::kCsv : RowFormat::kJsonLines,
                  std::nullopt,
                  native};
  if (stats.until) run.until.emplace(*stats.until);
  if (!stats.per_image.empty()) {
    auto file = DurableFile::Create(stats.per_image, stats.overwrite);
    if (!file) return tl::unexpected<Error>(std::move(file.error()));
    run.rows.emplace(std::move(*file));
    if (auto head = run.rows->Append(PictureRowHeader(settings, run.row_format)); !head) {
      return tl::unexpected<Error>(std::move(head.error()));
    }
  }

  RunLog log(arranged, range, options);
  MeasureStages stages(run, log);
  RunOrdered(stages, log.count(), options.threads > 0 ? options.threads : UsableCpus());
  auto report = log.Finish();
  if (!report) return tl::unexpected<Error>(std::move(report.error()));
  // Without one good picture there are no rows, as there are no numbers.
  if (run.rows && (report->done > 0 || shards > 1)) {
    if (auto done = run.rows->Commit(); !done) {
      return tl::unexpected<Error>(std::move(done.error()));
    }
  }
  return StatsResult{std::move(run.totals), std::move(*report)};
}

}  // namespace imnorm
