// The serial side of a run: counts outcomes in the order of the list and reports progress.
#pragma once

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "imnorm/inputs.h"
#include "imnorm/report.h"
#include "imnorm/run.h"
#include "pipeline/picture_input.h"

namespace imnorm {

// Threads:  Add comes from one thread at a time; ShouldStop from any
class RunLog {
 public:
  RunLog(const InputList& list, ShardRange range, const RunOptions& options);

  // Takes the outcome of item number `item` of the range; true if the picture is good. The reason
  // of a bad one is put into the words of RunOptions::spoken.
  bool Add(size_t item, PictureOutcome& outcome, int width, int height);

  // Ends the run with an error that is nobody's picture: the disk is full, shapes differ.
  void Abort(Error error);

  bool ShouldStop() const;

  const Input& input(size_t item) const { return list_.inputs[range_.begin + item]; }
  uint64_t index(size_t item) const { return range_.begin + item; }  // in the whole list
  size_t count() const { return range_.end - range_.begin; }
  NoteSet notes(size_t item) const { return report_.records[item].notes; }
  uint64_t done() const { return report_.done; }

  // The report, or why there is none: Abort's error, a stop (kCancelled), --strict, a module that
  // is missing (kInstallation).
  Result<RunReport> Finish();

 private:
  using Reasons = std::map<std::string_view, uint64_t>;  // static texts

  static void CountUse(const DecodeReport& decoded, DecoderUse& use, Reasons& reasons);
  void TellNotes(uint64_t index, const Input& input, const DecodeReport& decoded);

  const InputList& list_;
  const ShardRange range_;
  const RunOptions& options_;
  RunReport report_;
  Reasons jpeg_reasons_, png_reasons_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::atomic<bool> aborted_{false};
  std::optional<Error> error_;
  std::mutex error_mutex_;
};

}  // namespace imnorm
