// Pictures -> exact statistics.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "io/durable_file.h"
#include "io/troubles.h"
#include "pipeline/finished_stats.h"
#include "pipeline/first_good.h"
#include "pipeline/measure_settings.h"
#include "pipeline/measure_stages.h"
#include "pipeline/needed_modules.h"
#include "pipeline/picture_input.h"
#include "pipeline/picture_sums.h"
#include "pipeline/run_head.h"
#include "pipeline/run_log.h"
#include "pipeline/runs.h"
#include "pipeline/stats_journal.h"
#include "source/digest.h"
#include "statistics/settings_difference.h"

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

// What the sums follow from beside their settings.
nlohmann::ordered_json HeadOf(const InputList& arranged, ShardRange range, const Plan& plan,
                              const StatsOptions& stats, const RunOptions& options) {
  auto head = RunHead(arranged, range, plan, options);
  head["ignored"] = fmt::format("{}", fmt::join(stats.filter.ignore_values, ","));
  head["count_nodata"] = stats.filter.count_nodata;
  head["mask_dir"] = stats.filter.mask_dir;
  head["per_image"] = stats.per_image;
  if (stats.until) head["until"] = *stats.until;
  return head;
}

// Whether so many bytes of lines stand: a power failure may have taken the name of their file.
bool HasLines(const StatsOptions& stats, uint64_t bytes) {
  if (bytes == 0) return true;
  const std::string partial = LeftoverOf(stats.per_image);
  std::error_code failed;
  const uint64_t there =
      std::filesystem::file_size(partial.empty() ? stats.per_image : partial, failed);
  if (!failed && there >= bytes) return true;
  NoteTrouble(stats.per_image + ": has fewer lines than were noted; all of it was done anew");
  return false;
}

// Opens the journal and takes up what an earlier run has noted in it.
Result<std::unique_ptr<StatsJournal>> OpenJournal(const StatsOptions& stats,
                                                  const nlohmann::ordered_json& head, RunLog& log,
                                                  Measured& measured) {
  const std::string path = stats.journal_path();
  auto journal = StatsJournal::Open(path, stats.resume, head);
  if (!journal) return Failed(journal);
  auto found = (*journal)->TakeFound();
  if (found && HasLines(stats, found->progress.row_bytes)) {
    const StatsSettings& settings = measured.totals.settings();
    const std::string other = SettingsDifference(settings, found->totals.settings());
    if (!other.empty()) {
      (*journal)->Keep(true);
      return OtherHead("measure.resume", path, other);
    }
    measured.totals = std::move(found->totals);
    measured.before = found->progress;
    log.GoOnFrom(measured.before, measured.totals);
  }
  measured.journal = journal->get();
  return journal;
}

}  // namespace

Result<StatsResult> MeasurePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const StatsOptions& stats, const RunOptions& options,
                                    std::vector<DurableFile>& sides) {
  if (auto sound = CheckFilter(plan, stats.filter); !sound) {
    return Failed(sound);
  }
  if (!stats.write_checksums.empty()) {
    if (stats.resume) {
      return Blame("measure.resume",
                   "`measure.resume`: checksums are written in one go; leave out "
                   "`measure.write_checksums`, or do without `measure.resume`");
    }
    if (std::ranges::any_of(list.inputs, [](const Input& input) { return input.frame >= 0; })) {
      return Blame("measure.write_checksums",
                   "`measure.write_checksums`: checksums are of whole files, not of frames; write "
                   "them in a run without `source.frame`");
    }
    if (auto loaded = LoadDigest(); !loaded) return Failed(loaded);
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
  if (plan.channels == ChannelOrder::kNative) {
    auto first = ProbeFirstGood(whole, decode, options);
    if (!first) return Failed(first);
    native = *first;
  }
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
  auto finished = FinishedStats(stats, measured.totals, range.end - range.begin);
  if (!finished) return Failed(finished);
  if (*finished) return std::move(**finished);
  RunLog log(arranged, range, options, std::move(order));
  std::unique_ptr<StatsJournal> journal;
  if (!stats.result.empty()) {
    auto opened = OpenJournal(stats, HeadOf(arranged, range, plan, stats, options), log, measured);
    if (!opened) return Failed(opened);
    journal = std::move(*opened);
  }
  const PictureSumsSource source(log, {plan, stats.filter, measured.totals.settings(),
                                       std::move(decode), native, !stats.write_checksums.empty()});
  auto result = RunSums(log, source, stats, options, measured, sides);
  if (journal) journal->Keep(result || stats.resume);
  return result;
}

}  // namespace imnorm
