// The stages of a statistics run: items are summed in parallel and added up in order.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/run.h"
#include "io/durable_stream.h"
#include "pipeline/run_items.h"
#include "pipeline/stats_journal.h"
#include "pipeline/sums_source.h"

namespace imnorm {

// What is gathered of all items.
struct Measured {
  Totals totals;
  std::optional<DurableStream> rows = {};  // a line a picture
  RowFormat row_format = RowFormat::kJsonLines;
  std::optional<DurableStream> checksums = {};  // a line a file
  std::string checksums_path = {};
  std::optional<StopRule> until = {};
  // What an earlier run had gathered, and where this one notes the same; null: nowhere.
  StatsProgress before = {};
  StatsJournal* journal = nullptr;
};

// See RunOrdered.
class MeasureStages {
 public:
  struct Worker {
    std::unique_ptr<SumsSource::Worker> adder;
  };
  struct Slot {
    MadeSums sums;
    std::string line;      // for `rows`: its digits cost more than all else in Collect
    std::string checksum;  // for `checksums`
  };

  MeasureStages(RunItems& items, const SumsSource& source, Measured& measured);

  // Whether what is gathered is all that was asked for.
  bool satisfied() const { return satisfied_; }
  bool Stopped() const { return satisfied_ || items_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item);
  bool Collect(Slot& slot, size_t item);
  bool Write(Slot&) { return true; }

  // Takes note of what is gathered, if there is a journal.
  void Save();

 private:
  // False: the run ends.
  bool AddSums(const Slot& slot, size_t item);

  RunItems& items_;
  const SumsSource& source_;
  Measured& measured_;
  StatsProgress so_far_;  // that is in the totals
  bool ended_ = false;    // before the last item
  std::atomic<bool> satisfied_{false};
};

// Sums all items into `measured`, whose settings the source was made with, and writes a line each
// and a checksum where `stats` asks for them: those files are sealed and put into `sides`.
//
// Errors:   kIo: the lines; kCancelled; what ends the run by the word of `items`
Result<StatsResult> RunSums(RunItems& items, const SumsSource& source, const StatsOptions& stats,
                            const RunOptions& options, Measured& measured,
                            std::vector<DurableFile>& sides);

}  // namespace imnorm
