// The sums so far of a run that measures pictures, on disk every few seconds, so that a run that
// was killed need not begin anew.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "imnorm/statistics.h"
#include "io/durable_file.h"

namespace imnorm {

// How far a run has come, beside its totals.
struct StatsProgress {
  uint64_t items = 0;  // looked at: the first so many of the run's list
  uint64_t passed_over = 0;
  uint64_t bytes_read = 0;
  uint64_t row_bytes = 0;  // of the file with a line a picture
};

// Rules:    a line a note, with its own hash; the newest stands before or behind the one before it,
//           which is only written over by the next: whenever the process or the machine dies, one
//           of them is whole
class StatsJournal {
 public:
  struct Found {
    StatsProgress progress;
    Totals totals;
  };

  // Opens PATH.partial. With `resume` the notes of an earlier run count, if there are any.
  //
  // Errors:   those of DurableFile::Create; kBadArgument: to be resumed is a run of another head
  static Result<std::unique_ptr<StatsJournal>> Open(const std::string& path, bool resume,
                                                    const nlohmann::ordered_json& head);

  // The newest note of an earlier run, once.
  std::optional<Found> TakeFound() { return std::exchange(found_, std::nullopt); }

  // Whether it is time for a note: every five seconds, and rarer where one takes long.
  bool IsDue() const { return !failed_ && std::chrono::steady_clock::now() >= next_; }
  // Takes note. A run whose journal cannot be written is no worse than one without: it goes on.
  void Save(const StatsProgress& progress, const Totals& totals);

  // Whether it stays when the run ends.
  void Keep(bool keep) { file_.Keep(keep); }

 private:
  struct Span {
    uint64_t begin = 0;
    uint64_t end = 0;
  };

  StatsJournal(DurableFile file, nlohmann::ordered_json head)
      : file_(std::move(file)), head_(std::move(head)) {}

  Result<void> Load(const std::string& path);
  // What a line notes, where it is one; an error: it is of another run.
  Result<void> LoadLine(const std::string& path, std::string_view line, Span span);
  void Wait(std::chrono::steady_clock::duration taken);

  DurableFile file_;
  nlohmann::ordered_json head_;
  std::optional<Found> found_;
  Span newest_;
  std::chrono::steady_clock::time_point next_;
  bool failed_ = false;
};

}  // namespace imnorm
