// Pictures -> exact statistics.
#include <algorithm>
#include <numeric>

#include "imnorm/run.h"
#include "io/path_ending.h"
#include "parallel/ordered_run.h"
#include "pipeline/measure_settings.h"
#include "pipeline/measure_stages.h"
#include "pipeline/needed_modules.h"
#include "pipeline/run_log.h"

namespace imnorm {
namespace {

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
    return Failed(sound);
  }
  if (auto loaded = LoadModulesOf(plan); !loaded) return Failed(loaded);
  std::vector<uint64_t> order;
  const std::optional<InputList> chosen = Arrange(list, stats, order);
  const InputList& arranged = chosen ? *chosen : list;
  const InputList& measured = stats.until ? list : arranged;
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  decode.png = options.png;
  decode.stop = options.stop;
  const ShardRange range = ShardOf(arranged.inputs.size(), shard, shards);
  if (auto loaded = LoadModulesOf(arranged, range, decode); !loaded) return Failed(loaded);
  std::optional<ImageInfo> native;
  if (plan.channels == ChannelOrder::kNative) native = ProbeFirstGood(measured, decode, options);
  StatsSettings settings = SettingsOf(measured, plan, stats, native);
  if (auto sound = CheckSettings(settings, stats.filter); !sound) {
    return Failed(sound);
  }
  if (stats.sample || stats.until) {
    settings.sample_seed = stats.seed;
    settings.sampled_from = list.inputs.size();
  }
  order = {order.begin() + ptrdiff_t(range.begin), order.begin() + ptrdiff_t(range.end)};
  Measurement run{plan,
                  stats,
                  decode,
                  Totals(settings, ShardSet{int(shards), {int(shard)}}),
                  std::move(order),
                  std::nullopt,
                  HasEnding(stats.per_image, ".csv") ? RowFormat::kCsv : RowFormat::kJsonLines,
                  std::nullopt,
                  native};
  if (stats.until) run.until.emplace(*stats.until);
  if (!stats.per_image.empty()) {
    auto file = DurableFile::Create(stats.per_image, stats.overwrite);
    if (!file) return Failed(file);
    run.rows.emplace(std::move(*file));
    if (auto head = run.rows->Append(PictureRowHeader(settings, run.row_format)); !head) {
      return Failed(head);
    }
  }

  RunLog log(arranged, range, options);
  MeasureStages stages(run, log);
  RunOrdered(stages, log.count(),
             {.threads = options.threads > 0 ? options.threads : UsableCpus()});
  auto report = log.Finish();
  if (!report) return Failed(report);
  // Without one good picture there are no rows, as there are no numbers.
  if (run.rows && (report->done > 0 || shards > 1)) {
    if (auto done = run.rows->Commit(); !done) {
      return Failed(done);
    }
  }
  return StatsResult{std::move(run.totals), std::move(*report)};
}

}  // namespace imnorm
