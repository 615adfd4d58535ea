// Lines on stderr: whole, printable, and no wider than the terminal where they are redrawn.
#include "cli/console.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>

#include "cli/flags.h"
#include "cli/terminal.h"
#include "json/printable.h"

namespace imnorm::cli {
namespace {

constexpr const char* kErase = "\x1b[J";  // to the end of the screen
constexpr std::chrono::milliseconds kRedraw(100);
constexpr std::chrono::milliseconds kJsonPause(500);
constexpr std::chrono::milliseconds kLinePause(10'000);

// Whole lines in one write: lines of several processes do not mix, a closed stderr is no error.
void WriteStderr(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = write(STDERR_FILENO, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;
    text.remove_prefix(size_t(n));
  }
}

// "3 pictures are stored rotated and read as they are; --exif apply turns them upright".
std::string NoteLine(NoteKind kind, uint64_t count) {
  const bool one = count == 1;
  const auto line = [&](std::string_view what, std::string_view single, std::string_view several) {
    return fmt::format("{} {}{} {}", count, what, one ? "" : "s", one ? single : several);
  };
  switch (kind) {
    case NoteKind::kRotationNotApplied:
      return line("picture", "is stored rotated and read as it is; --exif apply turns it upright",
                  "are stored rotated and read as they are; --exif apply turns them upright");
    case NoteKind::kBitsReduced:
      return line("picture", "of 16 bits was reduced to 8; --depth 16 keeps them",
                  "of 16 bits were reduced to 8; --depth 16 keeps them");
    case NoteKind::kAlphaDropped:
      return line("picture", "has alpha, which was dropped; --alpha white lays it on white",
                  "have alpha, which was dropped; --alpha white lays them on white");
    case NoteKind::kFurtherPages:
      return line(
          "file", "holds further pictures; only the first was read (--frame N|all, -v names it)",
          "hold further pictures; only the first of each was read (--frame N|all, -v names them)");
    case NoteKind::kFurtherFrames:
      return line(
          "file", "holds further frames; only the first was read (--frame N|all, -v names it)",
          "hold further frames; only the first of each was read (--frame N|all, -v names them)");
    case NoteKind::kCodecWarning:
      return line("picture", "has a flaw that leaves its pixels alone (-v tells it)",
                  "have flaws that leave their pixels alone (-v tells them)");
    case NoteKind::kNodata:
      return line("picture", "declares nodata, which was left out; --ignore-value none counts it",
                  "declare nodata, which was left out; --ignore-value none counts it");
    case NoteKind::kNodataKept:
      return line("picture", "declares nodata, which was taken like any other value",
                  "declare nodata, which was taken like any other value");
    case NoteKind::kNodataFilled:
      return line("picture", "declares nodata: its band's mean stands there, 0 once normalised",
                  "declare nodata: their bands' means stand there, 0 once normalised");
    case NoteKind::kProfileIgnored:
      return line("picture",
                  "has an ICC profile that is not sRGB's; --icc srgb applies it (-v names it)",
                  "have ICC profiles that are not sRGB's; --icc srgb applies them (-v names them)");
    case NoteKind::kScansMissing:
      return line("JPEG", "ends before its last scan; what it holds was read (-v names it)",
                  "end before their last scan; what they hold was read (-v names them)");
  }
  return "";
}

}  // namespace

Console::Console(ProgressMode progress, bool quiet, bool verbose)
    : progress_(progress), quiet_(quiet), verbose_(verbose) {
  const Terminal terminal = TerminalOf(STDERR_FILENO);
  colour_ = terminal.colours;
  redraws_ = terminal.redraws;
  shows_progress_ = progress == ProgressMode::kAlways || progress == ProgressMode::kJson ||
                    (progress == ProgressMode::kAuto && terminal.redraws && !quiet);
}

void Console::PrintLine(std::string_view prefix, std::string_view message) {
  EndProgress();
  WriteStderr(fmt::format("{}{}\n", prefix, Printable(message)));
}

void Console::Log(const JsonRow& row) {
  if (log_) log_->Write(row.Text());
}

void Console::LogMessage(std::string_view level, std::string_view text) {
  if (!log_) return;
  JsonRow row;
  row.Add("event", JsonString("message"));
  row.Add("level", JsonString(level));
  row.Add("text", JsonString(text));
  Log(row);
}

void Console::LogTo(EventLog log, std::string_view command) {
  log_ = std::move(log);
  JsonRow row;
  row.Add("event", JsonString("start"));
  row.Add("schema", JsonString("imnorm.log/1"));
  row.Add("version", JsonString(IMNORM_VERSION));
  row.Add("command", JsonString(command));
  row.Add("pid", getpid());
  Log(row);
}

void Console::EndLog(int exit_code) {
  JsonRow row;
  row.Add("event", JsonString("end"));
  row.Add("exit_code", exit_code);
  row.Add("seconds", fmt::format("{:.3f}", Seconds()));
  Log(row);
}

void Console::PrintError(std::string_view message) {
  LogMessage("error", message);
  errors_.append(message).append("\n");
  PrintLine(colour_ ? "\x1b[31mimnorm:\x1b[0m " : "imnorm: ", message);
}

void Console::PrintWarning(std::string_view message) {
  LogMessage("warning", message);
  if (quiet_) return;
  if (colour_) return PrintLine("\x1b[33mnote:\x1b[0m ", message);
  PrintLine("", message);
}

void Console::PrintError(const Error& error) { PrintError(std::string_view(Spoken(error))); }

void Console::PrintText(std::string_view text) {
  EndProgress();
  WriteStderr(text);
}

void Console::PrintFailure(const Failure& failure) {
  const std::string reason = Spoken(failure.error);
  JsonRow row;
  row.Add("event", JsonString("failure"));
  row.Add("index", failure.index);
  row.AddPath(failure.path);
  row.Add("error", JsonString(ErrorCodeName(failure.error.code)));
  row.Add("reason", JsonString(reason));
  Log(row);
  PrintLine(colour_ ? "\x1b[31mimnorm:\x1b[0m " : "imnorm: ",
            fmt::format("{}: {}: {}", failure.path, ErrorCodeName(failure.error.code), reason));
}

void Console::PrintInfo(std::string_view message) {
  LogMessage("info", message);
  if (!quiet_) PrintLine("", message);
}

void Console::PrintDetail(std::string_view message) {
  if (verbose_) PrintLine("", message);
}

double Console::Seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
}

bool Console::IsDue(std::optional<std::chrono::steady_clock::time_point>& last,
                    std::chrono::milliseconds pause) const {
  const auto now = std::chrono::steady_clock::now();
  if (last && now - *last < pause) return false;
  last = now;
  return true;
}

void Console::Redraw(std::string line) {
  const size_t width = TerminalWidth(STDERR_FILENO) - 1;
  line.resize(std::min(line.size(), width));
  const size_t shown = line.size();
  if (colour_) {  // also what a window that became narrower has laid out anew
    WriteStderr("\r" + line + kErase);
    line_drawn_ = shown;
    return;
  }
  // Spaces take away what was there: an escape sequence would be no plain text.
  line.resize(std::max(shown, std::min(line_drawn_, width)), ' ');
  WriteStderr("\r" + line);
  line_drawn_ = shown;
}

void Console::ShowListing(uint64_t found) {
  if (!shows_progress_ || !redraws_ || progress_ == ProgressMode::kJson) return;
  if (IsDue(drawn_, kRedraw)) Redraw(fmt::format("looking for pictures: {} files", found));
}

void Console::EndListing(uint64_t inputs) {
  EndProgress();
  JsonRow row;
  row.Add("event", JsonString("listed"));
  row.Add("inputs", inputs);
  Log(row);
  if (progress_ == ProgressMode::kJson) WriteStderr(row.Text() + "\n");
}

void Console::ShowProgress(uint64_t finished, uint64_t failed, uint64_t total) {
  const ProgressState state = {finished, failed, total, Seconds()};
  const bool last = finished == total;
  if (log_ && (IsDue(logged_, kJsonPause) || last)) log_->Write(ProgressJson(state));
  if (!shows_progress_) return;
  const bool json = progress_ == ProgressMode::kJson;
  const auto pause = json ? kJsonPause : redraws_ ? kRedraw : kLinePause;
  if (!IsDue(drawn_, pause) && !last) return;
  if (json) return WriteStderr(ProgressJson(state) + "\n");
  // Off a terminal without a bar; on one short of the last column, where some begin a new line.
  if (!redraws_) return WriteStderr(ProgressLine(state, {}) + "\n");
  Redraw(ProgressLine(state, TerminalWidth(STDERR_FILENO) - 1));
}

void Console::EndProgress() {
  if (line_drawn_ == 0) return;
  if (colour_) {
    WriteStderr(std::string("\r") + kErase);
    line_drawn_ = 0;
    return;
  }
  WriteStderr(
      fmt::format("\r{:{}}\r", "", std::min(line_drawn_, TerminalWidth(STDERR_FILENO) - 1)));
  line_drawn_ = 0;
}

void Console::PrintNotes(const NoteCounts& notes) {
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (notes.of[i] > 0) PrintWarning(NoteLine(NoteKind(i), notes.of[i]));
  }
}

void Console::PrintUse(std::string_view format, std::string_view library, const DecoderUse& use) {
  for (const auto& [reason, count] : use.left) {
    PrintDetail(fmt::format("{}: {} left to {}: {}", format, count, library, reason));
  }
  if (verbose_ && use.own > 0) {
    PrintDetail(fmt::format("{}: {} decoded by imnorm's own decoder", format, use.own));
  }
}

void Console::PrintSummary(const RunReport& report, std::string_view verb,
                           std::string_view result) {
  EndProgress();
  PrintUse("jpeg", "libjpeg-turbo", report.jpeg);
  PrintUse("png", "libspng", report.png);
  PrintNotes(report.notes);
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
  JsonRow row;
  row.Add("event", JsonString("summary"));
  row.Add("done", report.done);
  row.Add("failed", report.failures.size());
  row.Add("passed_over", report.passed_over);
  row.Add("seconds", fmt::format("{:.3f}", report.seconds));
  row.Add("text", JsonString(line));
  Log(row);
  if (!quiet_) PrintLine("", line);
}

}  // namespace imnorm::cli
