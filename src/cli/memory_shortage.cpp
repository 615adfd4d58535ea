// A flag, and handlers for what ends a process from within.
#include "cli/memory_shortage.h"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <exception>
#include <new>
#include <string_view>

#include "cli/exit_code.h"

namespace imnorm::cli {
namespace {

std::atomic<bool> is_short{false};
std::atomic<bool> runs{false};

void Say(std::string_view text) noexcept {
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

// An exception where none may be. What was begun stays as after a kill: marked, and taken over by
// the next run.
[[noreturn]] void EndWithoutMemory() {
  try {
    if (std::exception_ptr current = std::current_exception()) std::rethrow_exception(current);
  } catch (const std::bad_alloc&) {
    _exit(TellShortage());
  } catch (...) {
    // Somebody's bug.
  }
  std::abort();
}

// libarchive calls exit(1) where it finds no memory.
void EndAsNotDone() {
  if (!runs) return;
  Say("imnorm: a library has ended the run; nothing was finished\n");
  _exit(kExitNotDone);
}

}  // namespace

bool MemoryIsShort() { return is_short.load(std::memory_order_relaxed); }

void NoteShortMemory() { is_short.store(true, std::memory_order_relaxed); }

int TellShortage() noexcept {
  Say("imnorm: the system has no memory left; a smaller --memory or fewer -j take less\n");
  return kExitNotDone;
}

ShortageGuard::ShortageGuard() {
  runs = true;
  std::set_terminate(EndWithoutMemory);
  std::atexit(EndAsNotDone);
}

ShortageGuard::~ShortageGuard() { runs = false; }

}  // namespace imnorm::cli
