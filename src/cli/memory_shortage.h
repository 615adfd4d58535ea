// How the program ends where the system has no memory left.
#pragma once

namespace imnorm::cli {

// Whether a small allocation was refused: a run is to end then, in order. From the first one on
// the program lives on src/last_memory.cpp.
bool MemoryIsShort();
void NoteShortMemory();

// Says so on stderr, which takes no memory, and returns the exit code.
int TellShortage() noexcept;

// While it lives, a run that does not find even the memory to end in order, or that a library ends
// without asking, ends with its exit code and a word, by no signal.
class ShortageGuard {
 public:
  ShortageGuard();
  ~ShortageGuard();
  ShortageGuard(const ShortageGuard&) = delete;
  ShortageGuard& operator=(const ShortageGuard&) = delete;
};

}  // namespace imnorm::cli
