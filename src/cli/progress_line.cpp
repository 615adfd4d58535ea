// Lays out counts, rate and times, with a bar where there is room.
#include "cli/progress_line.h"

#include <fmt/format.h>

#include <algorithm>

#include "json/json_text.h"

namespace imnorm::cli {
namespace {

constexpr size_t kLeastBar = 10;
constexpr size_t kMostBar = 40;

std::string Bar(const ProgressState& state, size_t columns) {
  const size_t inside = columns - 2;
  const size_t full = state.total == 0
                          ? inside
                          : size_t(double(state.finished) / double(state.total) * double(inside));
  std::string bar(inside, ' ');
  std::fill_n(bar.begin(), std::min(full, inside), '=');
  if (full < inside) bar[full] = '>';
  return "[" + bar + "]";
}

}  // namespace

std::string Duration(double seconds) {
  if (seconds < 60) return fmt::format("{:.0f} s", seconds);
  const auto whole = int64_t(seconds);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::string ProgressLine(const ProgressState& state, std::optional<size_t> width) {
  // Rounded down: 100% is the end.
  const uint64_t percent = state.total == 0 ? 100 : state.finished * 100 / state.total;
  std::string line = fmt::format("{}/{}  {}%", state.finished, state.total, percent);
  const double rate = state.rate();
  line +=
      rate >= 10 || rate == 0 ? fmt::format("  {:.0f}/s", rate) : fmt::format("  {:.1f}/s", rate);
  line += "  " + Duration(state.seconds);
  if (rate > 0) {
    line += fmt::format("  ETA {}", Duration(double(state.total - state.finished) / rate));
  }
  if (state.failed > 0) line += fmt::format("  {} failed", state.failed);
  if (!width) return line;
  if (line.size() + kLeastBar + 2 <= *width) {
    const size_t bar = std::min(kMostBar, *width - line.size() - 2);
    return Bar(state, bar) + "  " + line;
  }
  line.resize(std::min(line.size(), *width));
  return line;
}

std::string ProgressJson(const ProgressState& state) {
  const double rate = state.rate();
  JsonRow row;
  row.Add("event", JsonString("progress"));
  row.Add("finished", state.finished);
  row.Add("failed", state.failed);
  row.Add("total", state.total);
  row.Add("seconds", fmt::format("{:.3f}", state.seconds));
  row.Add("per_second", fmt::format("{:.3f}", rate));
  row.Add("eta_seconds", rate > 0
                             ? fmt::format("{:.3f}", double(state.total - state.finished) / rate)
                             : std::string("null"));
  return row.Text();
}

}  // namespace imnorm::cli
