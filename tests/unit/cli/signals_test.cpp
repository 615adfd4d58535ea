// What signals do before, during and after the first of them.
#include "cli/signals.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

namespace imnorm::cli {
namespace {

constexpr int kSurvived = 1;

// The exit code of a process that catches signals, then does `work`; -1 where a signal killed it.
template <typename Work>
int ExitCodeAfter(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    // The tests may be run by nohup or in the background.
    for (const int which : {SIGINT, SIGTERM, SIGHUP}) signal(which, SIG_DFL);
    CatchSignals();
    work();
    _exit(kSurvived);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("a signal before anything is begun ends the program at once", "[cli]") {
  CHECK(ExitCodeAfter([] { raise(SIGINT); }) == 130);
  CHECK(ExitCodeAfter([] { raise(SIGTERM); }) == 143);
  CHECK(ExitCodeAfter([] { raise(SIGHUP); }) == 129);
}

TEST_CASE("of a run the first signal asks to stop", "[cli]") {
  CHECK(ExitCodeAfter([] {
          StopInOrder();
          if (StopSignal() != 0) _exit(2);
          raise(SIGTERM);
          _exit(StopSignal() == SIGTERM ? kSurvived : 3);
        }) == kSurvived);
}

TEST_CASE("the second signal ends a run at once, of whichever kind the two are", "[cli]") {
  for (const int first : {SIGINT, SIGTERM, SIGHUP}) {
    for (const int second : {SIGINT, SIGTERM, SIGHUP}) {
      INFO("signal " << second << " after " << first);
      CHECK(ExitCodeAfter([&] {
              StopInOrder();
              raise(first);
              raise(second);
            }) == 128 + second);
    }
  }
}

TEST_CASE("what the parent ignores stays ignored", "[cli]") {
  CHECK(ExitCodeAfter([] {
          signal(SIGHUP, SIG_IGN);
          CatchSignals();
          raise(SIGHUP);
        }) == kSurvived);
}

}  // namespace
}  // namespace imnorm::cli
