#include "cli/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <map>

#include "json/printable.h"

namespace imnorm::cli {
namespace {

// Whole lines in one write: lines of several processes do not mix, a closed stderr is no error.
void WriteStderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(size_t(n));
  }
}

std::string Duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  const auto whole = int64_t(seconds);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

}  // namespace

Console::Console(ProgressMode progress, bool quiet, bool verbose)
    : quiet_(quiet), verbose_(verbose) {
  const bool terminal = isatty(STDERR_FILENO) == 1;
  const char* no_color = std::getenv("NO_COLOR");
  colour_ = terminal && (no_color == nullptr || *no_color == '\0');
  shows_progress_ =
      progress == ProgressMode::kAlways || (progress == ProgressMode::kAuto && terminal && !quiet);
}

void Console::PrintLine(std::string_view prefix, std::string_view message) {
  EndProgress();
  WriteStderr(fmt::format("{}{}\n", prefix, Printable(message)));
}

void Console::PrintError(std::string_view message) {
  PrintLine(colour_ ? "\x1b[31mimnorm:\x1b[0m " : "imnorm: ", message);
}

void Console::PrintFailure(const Failure& failure) {
  PrintError(fmt::format("{}: {}: {}", failure.path, ErrorCodeName(failure.error.code),
                         failure.error.message));
}

void Console::PrintInfo(std::string_view message) {
  if (!quiet_) PrintLine("", message);
}

void Console::PrintDetail(std::string_view message) {
  if (verbose_) PrintLine("", message);
}

void Console::ShowProgress(uint64_t finished, uint64_t failed, uint64_t total) {
  if (!shows_progress_) return;
  const auto now = std::chrono::steady_clock::now();
  if (finished != total && now - drawn_ < std::chrono::milliseconds(100)) return;
  drawn_ = now;
  const double seconds = std::chrono::duration<double>(now - begin_).count();
  const double rate = seconds > 0 ? double(finished) / seconds : 0;
  std::string line = fmt::format("\r{}/{}  {:.0f}/s", finished, total, rate);
  if (rate > 0) line += fmt::format("  ETA {}", Duration(double(total - finished) / rate));
  if (failed > 0) line += fmt::format("  {} failed", failed);
  WriteStderr(line + "\x1b[K");
  line_drawn_ = true;
}

void Console::EndProgress() {
  if (line_drawn_) WriteStderr("\r\x1b[K");
  line_drawn_ = false;
}

void Console::PrintSummary(const RunReport& report, std::string_view verb,
                           std::string_view result) {
  EndProgress();
  for (const Note& note : report.notes) PrintDetail(note.path + ": " + note.text);
  for (const auto& [reason, count] : report.jpeg_fallbacks) {
    PrintDetail(fmt::format("jpeg: {} left to libjpeg-turbo: {}", count, reason));
  }
  if (verbose_ && report.jpeg_fast > 0) {
    PrintDetail(fmt::format("jpeg: {} decoded by imnorm's own decoder", report.jpeg_fast));
  }
  std::string line =
      fmt::format("{} {} of {} picture{}", verb, report.done, report.done + report.failures.size(),
                  report.done + report.failures.size() == 1 ? "" : "s");
  if (!report.failures.empty()) {
    std::map<std::string, uint64_t> by_reason;
    for (const Failure& failure : report.failures) ++by_reason[ErrorCodeName(failure.error.code)];
    std::string reasons;
    for (const auto& [reason, count] : by_reason) {
      reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
    }
    line += fmt::format(", {} failed ({})", report.failures.size(), reasons);
  }
  if (report.passed_over > 0) line += fmt::format(", {} passed over", report.passed_over);
  line += fmt::format(" in {:.2f} s", report.seconds);
  if (report.seconds > 0) line += fmt::format(" ({:.0f}/s)", double(report.done) / report.seconds);
  if (!result.empty()) line += fmt::format(" -> {}", result);
  PrintInfo(line);
}

}  // namespace imnorm::cli
