// Whatever the sums are of, they are added up by one code.
#include "pipeline/measure_stages.h"

#include <fmt/format.h>

#include "io/path_ending.h"
#include "parallel/ordered_run.h"

namespace imnorm {

void MeasureStages::Work(Worker& worker, Slot& slot, size_t item) {
  if (!worker.adder) worker.adder = source_.MakeWorker();
  worker.adder->Make(item, slot.sums);
  if (!slot.sums.outcome.decoded || !measured_.rows) return;
  const StatsSettings& settings = measured_.totals.settings();
  const std::string& path = items_.path(item);
  slot.line = slot.sums.floats
                  ? PictureRow(*slot.sums.floats, path, settings, measured_.row_format)
                  : PictureRow(slot.sums.integers, path, settings, measured_.row_format);
}

bool MeasureStages::Collect(Slot& slot, size_t item) {
  if (satisfied_) return false;
  ItemOutcome& outcome = slot.sums.outcome;
  if (!items_.Add(item, outcome)) {
    if (!outcome.decoded && !outcome.passed_over) {
      const Error& error = outcome.decoded.error();
      measured_.totals.AddFailure(items_.index(item), items_.path(item),
                                  fmt::format("{}: {}", ErrorCodeName(error.code), error.message));
    }
    return false;
  }
  if (auto added = AddSums(slot, item); !added) items_.Abort(std::move(added.error()));
  if (measured_.until && measured_.until->Reached(measured_.totals)) satisfied_ = true;
  return false;
}

Result<void> MeasureStages::AddSums(const Slot& slot, size_t item) {
  Totals& totals = measured_.totals;
  const std::string_view name = items_.class_name(item);
  auto added = slot.sums.floats
                   ? totals.Add(*slot.sums.floats, items_.index(item), items_.path(item), name)
                   : totals.Add(slot.sums.integers, name);
  totals.AddNotes(slot.sums.outcome.decoded->kinds);
  if (added && measured_.rows) added = measured_.rows->Append(slot.line);
  return added;
}

Result<StatsResult> RunSums(RunItems& items, const SumsSource& source, const StatsOptions& stats,
                            const RunOptions& options, Measured& measured) {
  Totals& totals = measured.totals;
  if (!stats.per_image.empty()) {
    measured.row_format =
        HasEnding(stats.per_image, ".csv") ? RowFormat::kCsv : RowFormat::kJsonLines;
    auto file = DurableFile::Create(stats.per_image, stats.overwrite);
    if (!file) return Failed(file);
    measured.rows.emplace(std::move(*file));
    auto head = measured.rows->Append(PictureRowHeader(totals.settings(), measured.row_format));
    if (!head) return Failed(head);
  }
  MeasureStages stages(items, source, measured);
  RunOrdered(stages, items.count(), {.threads = ThreadsOf(options)});
  auto report = items.Finish();
  if (!report) return Failed(report);
  // Without one good picture there are no rows, as there are no numbers.
  if (measured.rows && (report->done > 0 || totals.shards().count > 1)) {
    if (auto done = measured.rows->Commit(); !done) return Failed(done);
  }
  return StatsResult{std::move(totals), std::move(*report)};
}

}  // namespace imnorm
