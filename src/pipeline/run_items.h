// What every run is over: numbered items, and what ends it before the last of them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "imnorm/decode.h"
#include "imnorm/report.h"
#include "imnorm/run.h"
#include "sink/row_writer.h"

namespace imnorm {

// What became of one item.
struct ItemOutcome {
  Result<DecodeReport> decoded = Fail(ErrorCode::kIo, "not read");  // of a sample: empty
  bool passed_over = false;  // in a folder, and no picture by name or content
  uint64_t bytes_read = 0;
  int32_t width = 0;  // of a good one
  int32_t height = 0;
  int64_t rows = 1;  // that it becomes
};

// Threads that a run takes.
int ThreadsOf(const RunOptions& options);

// The pictures of a list, or the samples of a tensor.
//
// Threads:  Add comes from one thread at a time; Abort and ShouldStop from any
class RunItems {
 public:
  explicit RunItems(const RunOptions& options) : options_(options) {}
  virtual ~RunItems() = default;
  RunItems(const RunItems&) = delete;
  RunItems& operator=(const RunItems&) = delete;

  virtual size_t count() const = 0;
  virtual const std::string& path(size_t item) const = 0;
  virtual uint64_t index(size_t item) const = 0;  // in the whole list, whatever the shard
  virtual std::string_view class_name(size_t item) const = 0;
  // Of one that was added and is good; none: there is nothing to tell.
  virtual std::optional<RowInfo> row_info(size_t item) const = 0;

  // Takes note of an outcome, in the order of the items; true if it is good.
  virtual bool Add(size_t item, ItemOutcome& outcome) = 0;

  // Ends the run with an error that is no item's: the disk is full, shapes differ. The first
  // counts.
  void Abort(Error error);

  bool ShouldStop() const { return aborted_ || options_.stop(); }
  bool aborted() const { return aborted_; }

  // The report, or why there is none: a stop (kCancelled), Abort's error.
  Result<RunReport> Finish();

 protected:
  virtual RunReport Report() = 0;  // but for its time
  const RunOptions& options() const { return options_; }

 private:
  const RunOptions& options_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<bool> aborted_{false};
  std::mutex error_mutex_;
  std::optional<Error> error_;
};

}  // namespace imnorm
