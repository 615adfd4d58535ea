// Whatever the sums are of, they are added up by one code.
#include "pipeline/measure_stages.h"

#include <fmt/format.h>

#include <filesystem>

#include "io/path_ending.h"
#include "parallel/ordered_run.h"
#include "pipeline/journal_line.h"
#include "source/checksums.h"

namespace imnorm {

MeasureStages::MeasureStages(RunItems& items, const SumsSource& source, Measured& measured)
    : items_(items), source_(source), measured_(measured), so_far_(measured.before) {
  satisfied_ = measured.until && measured.until->WasReached(measured.totals);
}

void MeasureStages::Work(Worker& worker, Slot& slot, size_t item) {
  item += measured_.before.items;
  if (!worker.adder) worker.adder = source_.MakeWorker();
  worker.adder->Make(item, slot.sums);
  if (!slot.sums.outcome.decoded) return;
  if (slot.sums.sha256) {
    slot.checksum = ChecksumLine(*slot.sums.sha256, items_.path(item), measured_.checksums_path);
  }
  if (!measured_.rows) return;
  const StatsSettings& settings = measured_.totals.settings();
  const std::string& path = items_.path(item);
  slot.line = slot.sums.floats
                  ? PictureRow(*slot.sums.floats, path, settings, measured_.row_format)
                  : PictureRow(slot.sums.integers, path, settings, measured_.row_format);
}

bool MeasureStages::Collect(Slot& slot, size_t item) {
  if (satisfied_ || ended_) return false;
  item += measured_.before.items;
  ItemOutcome& outcome = slot.sums.outcome;
  const bool says = outcome.decoded || IsNoted(outcome);
  const bool good = items_.Add(item, outcome);
  ended_ = !says || items_.aborted();  // whatever comes behind it is no part of the totals
  if (ended_) return false;
  if (good) {
    ended_ = !AddSums(slot, item);
    if (measured_.until && measured_.until->Reached(measured_.totals)) satisfied_ = true;
  } else if (!outcome.passed_over) {
    const Error& error = outcome.decoded.error();
    measured_.totals.AddFailure(items_.index(item), items_.path(item),
                                fmt::format("{}: {}", ErrorCodeName(error.code), error.message));
  }
  if (measured_.journal == nullptr) return false;
  ++so_far_.items;
  so_far_.bytes_read += outcome.bytes_read;
  if (outcome.passed_over) ++so_far_.passed_over;
  if (measured_.journal->IsDue()) Save();
  return false;
}

bool MeasureStages::AddSums(const Slot& slot, size_t item) {
  Totals& totals = measured_.totals;
  const std::string_view name = items_.class_name(item);
  auto added = slot.sums.floats
                   ? totals.Add(*slot.sums.floats, items_.index(item), items_.path(item), name)
                   : totals.Add(slot.sums.integers, name);
  totals.AddNotes(slot.sums.outcome.decoded->kinds);
  if (added && measured_.rows) added = measured_.rows->Append(slot.line);
  if (added && measured_.checksums) added = measured_.checksums->Append(slot.checksum);
  if (added) return true;
  measured_.journal = nullptr;  // which knows what was before; nobody knows what is now
  items_.Abort(std::move(added.error()));
  return false;
}

void MeasureStages::Save() {
  if (measured_.rows) {
    const auto bytes = measured_.rows->Sync();
    if (!bytes) return;
    so_far_.row_bytes = *bytes;
  }
  measured_.journal->Save(so_far_, measured_.totals);
}

namespace {

// Whether the lines of a run that went on to its end have their name already.
bool Stand(const std::string& path, uint64_t bytes) {
  std::error_code failed;
  return bytes > 0 && IsFinished(path) && std::filesystem::file_size(path, failed) == bytes &&
         !failed;
}

// Opens the file with a line a picture, or takes it up where an earlier run had left it.
Result<void> OpenRows(const StatsOptions& stats, Measured& measured) {
  measured.row_format =
      HasEnding(stats.per_image, ".csv") ? RowFormat::kCsv : RowFormat::kJsonLines;
  const uint64_t stands = measured.before.row_bytes;
  auto file = DurableFile::Create(stats.per_image, stats.overwrite, stats.resume);
  if (!file) return Failed(file);
  const auto there = file->Size();
  if (!there) return Failed(there);
  if (*there < stands) {
    return Blame(
        "measure.resume",
        fmt::format("{}: it has {} bytes of the {} that the run to be resumed had written; "
                    "without `measure.resume` it is done anew",
                    stats.per_image, *there, stands));
  }
  measured.rows.emplace(std::move(*file), stands);
  if (stands > 0) return {};
  return measured.rows->Append(PictureRowHeader(measured.totals.settings(), measured.row_format));
}

}  // namespace

Result<StatsResult> RunSums(RunItems& items, const SumsSource& source, const StatsOptions& stats,
                            const RunOptions& options, Measured& measured,
                            std::vector<DurableFile>& sides) {
  Totals& totals = measured.totals;
  MeasureStages stages(items, source, measured);
  const bool all = measured.before.items == items.count() || stages.satisfied();
  if (!stats.per_image.empty() && !(all && Stand(stats.per_image, measured.before.row_bytes))) {
    if (auto opened = OpenRows(stats, measured); !opened) return Failed(opened);
  }
  if (!stats.write_checksums.empty()) {
    auto file = DurableFile::Create(stats.write_checksums, stats.overwrite);
    if (!file) return Failed(file);
    measured.checksums.emplace(std::move(*file));
    measured.checksums_path = stats.write_checksums;
  }
  RunOrdered(stages, items.count() - measured.before.items, {.threads = ThreadsOf(options)});
  auto report = items.Finish();
  // Before the lines have their name, lest a run that is resumed finds them without their sums.
  if (measured.journal != nullptr && (measured.rows || (!report && stats.resume))) stages.Save();
  if (!report) {
    if (measured.rows) measured.rows->Keep(stats.resume);
    return Failed(report);
  }
  // Without one good picture there are no rows, as there are no numbers.
  if (measured.rows && (report->done > 0 || totals.shards().count > 1)) {
    measured.rows->Keep(stats.resume);
    auto sealed = measured.rows->Seal();
    if (!sealed) return Failed(sealed);
    sides.push_back(std::move(*sealed));
  }
  if (measured.checksums && report->done > 0) {
    auto sealed = measured.checksums->Seal();
    if (!sealed) return Failed(sealed);
    sides.push_back(std::move(*sealed));
  }
  return StatsResult{std::move(totals), std::move(*report)};
}

}  // namespace imnorm
