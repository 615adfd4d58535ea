// What the terminal at the other end of a stream can do.
#pragma once

#include <cstddef>

namespace imnorm::cli {

struct Terminal {
  bool there = false;    // the stream is a terminal
  bool redraws = false;  // it takes a carriage return: there, and TERM names more than "dumb"
  bool colours = false;  // it redraws, and NO_COLOR is not set
};

Terminal TerminalOf(int stream);

// Columns of the terminal, asked anew since windows change; 80 where it does not say.
size_t TerminalWidth(int stream);

}  // namespace imnorm::cli
