// Pictures -> exact statistics.
#include <fmt/format.h>

#include "geometry/resizer.h"
#include "imnorm/run.h"
#include "pipeline/ordered_pipeline.h"
#include "pipeline/picture_input.h"
#include "pipeline/run_log.h"
#include "pipeline/sums_consumer.h"

namespace imnorm {
namespace {

// The geometry in the words of the command line: "native", "resize 256 bilinear, crop 224x224".
std::string DescribePixels(const GeometryPlan& geometry) {
  static constexpr const char* kFilters[] = {"nearest", "box",     "bilinear", "hamming",
                                             "bicubic", "lanczos", "area"};
  const ResizePlan& resize = geometry.resize;
  std::string text;
  switch (resize.kind) {
    case ResizeKind::kNone:
      break;
    case ResizeKind::kShortEdge:
      text = fmt::format("resize {}", resize.size);
      if (resize.max_size > 0) text += fmt::format(",max:{}", resize.max_size);
      break;
    case ResizeKind::kLongEdge:
      text = fmt::format("resize long:{}", resize.size);
      break;
    case ResizeKind::kExact:
      text = fmt::format("resize {}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kFitInside:
      text = fmt::format("resize inside {}x{}", resize.width, resize.height);
      break;
    case ResizeKind::kLetterbox:
      text = fmt::format("resize letterbox:{}x{}", resize.width, resize.height);
      break;
  }
  if (!text.empty()) {
    text += fmt::format(" {}", kFilters[int(resize.filter)]);
    if (resize.engine == ResizeEngine::kOpencv) text += " (opencv)";
  }
  if (geometry.crop.width > 0) {
    text += fmt::format("{}crop {}x{}", text.empty() ? "" : ", ", geometry.crop.width,
                        geometry.crop.height);
  }
  return text.empty() ? "native" : text;
}

SumsOptions SumsOptionsOf(const Plan& plan, const StatsSettings& settings) {
  SumsOptions options;
  options.histogram = settings.histogram;
  options.bgr = plan.channels == ChannelOrder::kBgr;
  std::copy(std::begin(plan.geometry.fill), std::end(plan.geometry.fill), options.fill);
  return options;
}

class MeasureStages {
 public:
  struct Worker {
    PictureWorker picture;
    std::unique_ptr<SumsConsumer> sums;
    std::unique_ptr<Resizer> resizer;
  };
  struct Slot {
    PictureOutcome outcome;
    PictureSums sums;
  };

  MeasureStages(const Plan& plan, const DecodeOptions& decode, RunLog& log, Totals& totals,
                size_t range_begin)
      : plan_(plan), decode_(decode), log_(log), totals_(totals), range_begin_(range_begin) {}

  bool Stopped() const { return log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    if (!worker.sums) {
      worker.sums = std::make_unique<SumsConsumer>(SumsOptionsOf(plan_, totals_.settings()));
      worker.resizer = std::make_unique<Resizer>(plan_.geometry, *worker.sums);
    }
    const bool native =
        plan_.geometry.resize.kind == ResizeKind::kNone && plan_.geometry.crop.width == 0;
    RowConsumer& consumer = native ? static_cast<RowConsumer&>(*worker.sums) : *worker.resizer;
    slot.outcome = DecodeInput(log_.input(item), decode_, worker.picture, consumer);
    if (slot.outcome.decoded) slot.sums = worker.sums->Finish();
  }

  bool Collect(Slot& slot, size_t item) {
    const Input& input = log_.input(item);
    if (!log_.Add(item, slot.outcome, slot.sums.width, slot.sums.height)) {
      if (!slot.outcome.decoded && !slot.outcome.passed_over) {
        const Error& error = slot.outcome.decoded.error();
        totals_.AddFailure(range_begin_ + item, input.path,
                           fmt::format("{}: {}", ErrorCodeName(error.code), error.message));
      }
      return false;
    }
    if (auto added = totals_.Add(slot.sums, input.top_folder()); !added) {
      log_.Abort(std::move(added.error()));
    }
    return false;
  }

  void Write(Slot&) {}

 private:
  const Plan& plan_;
  const DecodeOptions& decode_;
  RunLog& log_;
  Totals& totals_;
  const size_t range_begin_;
};

}  // namespace

Result<StatsResult> MeasurePictures(const InputList& list, ShardRange range, uint64_t shard,
                                    uint64_t shards, const Plan& plan, const StatsOptions& stats,
                                    const RunOptions& options) {
  StatsSettings settings = stats.settings;
  settings.channels = ChannelCount(plan);
  settings.samples = plan.depth == 16 ? SampleKind::kU16 : SampleKind::kU8;
  settings.channel_order = plan.channels == ChannelOrder::kGray  ? "gray"
                           : plan.channels == ChannelOrder::kBgr ? "bgr"
                                                                 : "rgb";
  settings.pixels_are = DescribePixels(plan.geometry);
  settings.plan = PlanToJson(plan);
  settings.list_hash = "xxh3-128:" + list.Hash();
  settings.list_entries = list.inputs.size();
  Totals totals(settings, ShardSet{int(shards), {int(shard)}});

  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  RunLog log(list, range, options);
  MeasureStages stages(plan, decode, log, totals, range.begin);
  RunOrdered(stages, log.count(), options.threads > 0 ? options.threads : UsableCpus());
  auto report = log.Finish();
  if (!report) return tl::unexpected<Error>(std::move(report.error()));
  return StatsResult{std::move(totals), std::move(*report)};
}

}  // namespace imnorm
