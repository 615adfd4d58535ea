// What people see on stderr: errors, progress, the closing summary.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cli/event_log.h"
#include "cli/progress_line.h"
#include "imnorm/error.h"
#include "imnorm/notes.h"
#include "imnorm/report.h"
#include "imnorm/words.h"

namespace imnorm {

namespace cli {
enum class ProgressMode { kAuto, kAlways, kNever, kJson };
}
template <>
std::span<const Word<cli::ProgressMode>> Words<cli::ProgressMode>();

}  // namespace imnorm

namespace imnorm::cli {

// Threads:  one at a time
class Console {
 public:
  Console(ProgressMode progress, bool quiet, bool verbose);

  void PrintError(std::string_view message);
  void PrintError(const Error& error);
  // Whether an error was printed that says this, too.
  bool HasTold(std::string_view text) const { return errors_.find(text) != std::string::npos; }
  // A line about something that is good but may not be what was meant; -q leaves it out.
  void PrintWarning(std::string_view message);
  // Several lines of our own.
  void PrintText(std::string_view text);
  void PrintFailure(const Failure& failure);
  // A line of information; -q leaves it out.
  void PrintInfo(std::string_view message);
  // A line that only -v asks for.
  void PrintDetail(std::string_view message);

  // What happens is also written there, until EndLog.
  void LogTo(EventLog log, std::string_view command);
  void EndLog(int exit_code);

  // Files found so far, while folders are walked; and how many inputs there are.
  void ShowListing(uint64_t found);
  void EndListing(uint64_t inputs);

  // Redraws the progress line, at most ten times a second; where lines cannot be redrawn, writes
  // one every ten seconds, as JSON twice a second.
  void ShowProgress(uint64_t finished, uint64_t failed, uint64_t total);
  void EndProgress();

  // Whether -v asks for details.
  bool verbose() const { return verbose_; }

  // What was skipped: a line a kind, with the flag that changes it.
  void PrintNotes(const NoteCounts& notes);

  // Fallbacks of our own decoders, what was skipped, and the closing line of a run.
  void PrintSummary(const RunReport& report, std::string_view verb, std::string_view result);

 private:
  void PrintUse(std::string_view format, std::string_view library, const DecoderUse& use);
  void PrintLine(std::string_view prefix, std::string_view message);
  void Log(const JsonRow& row);
  void LogMessage(std::string_view level, std::string_view text);
  double Seconds() const;
  bool IsDue(std::optional<std::chrono::steady_clock::time_point>& last,
             std::chrono::milliseconds pause) const;
  void Redraw(std::string line);
  ProgressMode progress_;
  bool shows_progress_;
  bool quiet_;
  bool verbose_;
  std::string errors_;  // what was printed of them
  bool colour_;
  bool redraws_;
  size_t line_drawn_ = 0;  // columns of the progress line
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::optional<std::chrono::steady_clock::time_point> drawn_, logged_;
  std::optional<EventLog> log_;
};

}  // namespace imnorm::cli
