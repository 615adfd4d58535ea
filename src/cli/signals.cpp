#include "cli/signals.h"

#include <csignal>

namespace imnorm::cli {
namespace {

std::atomic<int> stop_signal{0};
static_assert(std::atomic<int>::is_always_lock_free, "set from a signal handler");

}  // namespace

const std::atomic<int>& StopSignal() { return stop_signal; }

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = [](int signal) { stop_signal.store(signal); };
  action.sa_flags = int(SA_RESETHAND);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    // What nohup and the like ignore stays ignored.
    struct sigaction old = {};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
}

}  // namespace imnorm::cli
