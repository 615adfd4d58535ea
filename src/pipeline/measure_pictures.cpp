// Pictures -> exact statistics.
#include <algorithm>

#include "pipeline/measure_settings.h"
#include "pipeline/measure_stages.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_input.h"
#include "pipeline/picture_sums.h"
#include "pipeline/run_log.h"
#include "pipeline/runs.h"

namespace imnorm {
namespace {

// The list in the order of the run: a sample or a random order, and in `order` which input of the
// whole list each one was; none: as it is.
std::optional<InputList> Arrange(const InputList& list, const StatsOptions& stats,
                                 std::vector<uint64_t>& order) {
  const uint64_t size = list.inputs.size();
  order = stats.until    ? RandomOrder(size, stats.seed)
          : stats.sample ? SampleOf(size, std::min(*stats.sample, size), stats.seed)
                         : std::vector<uint64_t>();
  if (!stats.until && !stats.sample) return std::nullopt;
  InputList chosen;
  chosen.passed_over = list.passed_over;
  chosen.inputs.reserve(order.size());
  for (const uint64_t index : order) chosen.inputs.push_back(list.inputs[index]);
  return chosen;
}

}  // namespace

Result<StatsResult> MeasurePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const StatsOptions& stats, const RunOptions& options) {
  if (auto sound = CheckFilter(plan, stats.filter); !sound) {
    return Failed(sound);
  }
  if (auto loaded = LoadModulesOf(plan); !loaded) return Failed(loaded);
  std::vector<uint64_t> order;
  const std::optional<InputList> chosen = Arrange(list, stats, order);
  const InputList& arranged = chosen ? *chosen : list;
  const InputList& whole = stats.until ? list : arranged;
  DecodeOptions decode = DecodeOptionsOf(plan, options);
  const ShardRange range = ShardOf(arranged.inputs.size(), shard.index, shard.count);
  if (auto loaded = LoadModulesOf(arranged, range, decode); !loaded) return Failed(loaded);
  std::optional<ImageInfo> native;
  if (plan.channels == ChannelOrder::kNative) native = ProbeFirstGood(whole, decode, options);
  StatsSettings settings = SettingsOf(whole, plan, stats, native);
  if (auto sound = CheckSettings(settings, stats.filter); !sound) {
    return Failed(sound);
  }
  if (stats.sample || stats.until) {
    settings.sample_seed = stats.seed;
    settings.sampled_from = list.inputs.size();
  }
  Measured measured{Totals(settings, ShardSet{int(shard.count), {int(shard.index)}})};
  if (stats.until) measured.until.emplace(*stats.until);
  RunLog log(arranged, range, options, std::move(order));
  const PictureSumsSource source(
      log, {plan, stats.filter, measured.totals.settings(), std::move(decode), native});
  return RunSums(log, source, stats, options, measured);
}

}  // namespace imnorm
