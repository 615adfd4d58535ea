// Which rows a sheet shows, how large, and what the terminal can show of it.
#include "cli/sheet_options.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "cli/parse_values.h"
#include "cli/terminal.h"

namespace imnorm {

template <>
std::span<const Word<SheetView>> Words<SheetView>() {
  static constexpr Word<SheetView> kViews[] = {
      {SheetView::kRows, "rows"},
      {SheetView::kWindow, "window"},
  };
  return kViews;
}

template <>
std::span<const Word<TerminalGraphics>> Words<TerminalGraphics>() {
  static constexpr Word<TerminalGraphics> kGraphics[] = {
      {TerminalGraphics::kBlocks, "blocks"}, {TerminalGraphics::kGrey, "grey"},
      {TerminalGraphics::kKitty, "kitty"},   {TerminalGraphics::kIterm, "iterm"},
      {TerminalGraphics::kSixel, "sixel"},
  };
  return kGraphics;
}

}  // namespace imnorm

namespace imnorm::cli {
namespace {

constexpr uint64_t kMostCells = 10'000;
constexpr int kLeastSide = 8;
constexpr int kMostSide = 4096;

// "0,5,10-19" -> numbers.
Result<std::vector<uint64_t>> ParseIndices(std::string_view text) {
  std::vector<uint64_t> indices;
  size_t at = 0;
  while (at <= text.size()) {
    const size_t end = std::min(text.find(',', at), text.size());
    const std::string_view part = text.substr(at, end - at);
    const size_t dash = part.find('-');
    const auto first = ParseNumber<uint64_t>(part.substr(0, dash));
    const auto last =
        dash == std::string_view::npos ? first : ParseNumber<uint64_t>(part.substr(dash + 1));
    if (!first || !last || *last < *first) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--index \"{}\": it takes numbers from 0, as 0,5,10-19", text));
    }
    if (*last - *first >= kMostCells - std::min<uint64_t>(indices.size(), kMostCells)) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--index: {} are more than a sheet has, {}", text, kMostCells));
    }
    for (uint64_t i = *first; i <= *last; ++i) indices.push_back(i);
    at = end + 1;
  }
  return indices;
}

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

void AddSheet(Options& options, SheetArguments& a) {
  options.Group("Sheet");
  options.Text({"--show", "WHAT", "rows: what the network sees; window: what is cut, on the whole"},
               a.show);
  options.Number({"--count", "N", "So many, evenly spread (48)"}, a.count);
  options.Text({"--index", "LIST", "These instead, from 0: 0,5,10-19"}, a.index);
  options.Text({"--worst", "FILE", "What compare or verify wrote as JSON: what it names instead"},
               a.worst);
  options.Number({"--columns", "N", "Cells a line (default: wider than high)"}, a.columns);
  options.Number({"--side", "N", "Pixels of a cell (160)"}, a.side);
  options.Flag({"--no-captions", "", "Leave out names and numbers"}, a.captions, false);
  options.Text({"--graphics", "HOW", "With -o - on a terminal: blocks|grey|kitty|iterm|sixel"},
               a.graphics);
}

Result<SheetOptions> ResolveSheet(const SheetArguments& a) {
  SheetOptions sheet;
  if (!a.show.empty()) {
    const auto view = ParseOptionWord<SheetView>("--show", a.show);
    if (!view) return Failed(view);
    sheet.view = *view;
  }
  if (!a.worst.empty() && (!a.index.empty() || a.count)) {
    return Fail(ErrorCode::kBadArgument, "--worst says which: leave out --index and --count");
  }
  if (!a.index.empty()) {
    if (a.count) return Fail(ErrorCode::kBadArgument, "--index says which: leave out --count");
    auto indices = ParseIndices(a.index);
    if (!indices) return Failed(indices);
    sheet.indices = std::move(*indices);
  }
  sheet.count = a.count.value_or(sheet.count);
  sheet.columns = a.columns.value_or(sheet.columns);
  sheet.side = a.side.value_or(sheet.side);
  sheet.captions = a.captions;
  if (sheet.count < 1 || sheet.count > kMostCells) {
    return Fail(ErrorCode::kBadArgument, fmt::format("--count: it takes 1 to {}", kMostCells));
  }
  if (a.columns && (*a.columns < 1 || uint64_t(*a.columns) > kMostCells)) {
    return Fail(ErrorCode::kBadArgument, fmt::format("--columns: it takes 1 to {}", kMostCells));
  }
  if (sheet.side < kLeastSide || sheet.side > kMostSide) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("--side: it takes {} to {}", kLeastSide, kMostSide));
  }
  return sheet;
}

Result<TerminalGraphics> ResolveGraphics(const SheetArguments& a) {
  if (!a.graphics.empty()) return ParseOptionWord<TerminalGraphics>("--graphics", a.graphics);
  const std::string_view program = Variable("TERM_PROGRAM");
  const std::string_view kind = Variable("TERM");
  const bool multiplexed = !Variable("TMUX").empty() || kind.starts_with("screen");
  if (!multiplexed) {
    const bool kitty = !Variable("KITTY_WINDOW_ID").empty() || kind == "xterm-kitty";
    if (kitty || program == "ghostty") return TerminalGraphics::kKitty;
    if (program == "iTerm.app" || program == "WezTerm") return TerminalGraphics::kIterm;
    if (kind.starts_with("foot") || kind.starts_with("mlterm")) return TerminalGraphics::kSixel;
  }
  return TerminalOf(STDOUT_FILENO).colours ? TerminalGraphics::kBlocks : TerminalGraphics::kGrey;
}

}  // namespace imnorm::cli
