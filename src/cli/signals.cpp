// One handler for the signals that end a run: in order the first time, at once the second.
#include "cli/signals.h"

#include <unistd.h>

#include <csignal>

namespace imnorm::cli {
namespace {

std::atomic<int> stop_signal{0};
std::atomic<bool> in_order{false};
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<bool>::is_always_lock_free,
              "used in a signal handler");

void Stop(int signal) {
  int none = 0;
  if (in_order.load() && stop_signal.compare_exchange_strong(none, signal)) return;
  _exit(128 + signal);
}

}  // namespace

const std::atomic<int>& StopSignal() { return stop_signal; }

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Stop;
  constexpr int kStopping[] = {SIGINT, SIGTERM, SIGHUP};
  for (const int signal : kStopping) {
    // What nohup and the like ignore stays ignored.
    struct sigaction old = {};
    sigaction(signal, nullptr, &old);
    if (old.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &ignore, nullptr);
  sigaction(SIGXFSZ, &ignore, nullptr);
}

void StopInOrder() { in_order.store(true); }

}  // namespace imnorm::cli
