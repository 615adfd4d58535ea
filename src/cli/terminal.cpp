// Terminals: TERM, NO_COLOR and the window's size.
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace imnorm::cli {
namespace {

std::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Terminal TerminalOf(int stream) {
  Terminal terminal;
  terminal.there = isatty(stream) == 1;
  const std::string_view kind = Variable("TERM");
  terminal.redraws = terminal.there && !kind.empty() && kind != "dumb";
  terminal.colours = terminal.redraws && Variable("NO_COLOR").empty();
  return terminal;
}

size_t TerminalWidth(int stream) {
  constexpr size_t kUsual = 80;
  winsize window = {};
  return ioctl(stream, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : kUsual;
}

}  // namespace imnorm::cli
