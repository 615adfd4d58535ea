#include "parallel/ordered_run.h"

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

namespace imnorm {
namespace {

// Uneven work, so that items overtake each other; counts what is alive.
struct Stages {
  struct Worker {
    std::thread::id thread = std::this_thread::get_id();
  };
  struct Slot {
    Slot() { ++made; }
    size_t item = 0;
    static inline std::atomic<int> made{0};
  };

  bool Stopped() const { return stop; }
  void Work(Worker& worker, Slot& slot, size_t item) {
    if (worker.thread != std::this_thread::get_id()) ++strangers;
    volatile size_t busy = 0;
    for (size_t i = 0; i < (item * 7919 % 64) * 50; ++i) busy = busy + i;
    slot.item = item;
    ++worked;
  }
  bool Collect(Slot& slot, size_t item) {
    if (slot.item != item) ++mixed;
    order.push_back(item);
    if (item == stop_after) stop = true;
    return item % 3 != 0;
  }
  bool Write(Slot& slot) {
    if (writers++ > 0) overlapped = true;
    const std::lock_guard lock(mutex);
    if (!written.insert(slot.item).second) ++mixed;
    writes.push_back(slot.item);
    --writers;
    return slot.item != fails_to_write;
  }

  std::atomic<bool> stop{false};
  size_t stop_after = ~size_t{0};
  std::atomic<int> strangers{0};
  std::atomic<int> mixed{0};
  std::atomic<size_t> worked{0};
  std::vector<size_t> order;
  size_t fails_to_write = ~size_t{0};
  std::atomic<int> writers{0};
  std::atomic<bool> overlapped{false};
  std::mutex mutex;
  std::set<size_t> written;
  std::vector<size_t> writes;
};

}  // namespace

TEST_CASE("items are collected in order and written once, for any number of threads",
          "[pipeline]") {
  for (const int threads : {1, 2, 3, 8, 31}) {
    for (const size_t count : {0, 1, 2, 500}) {
      CAPTURE(threads, count);
      Stages stages;
      RunOrdered(stages, count, {.threads = threads});
      REQUIRE(stages.order.size() == count);
      for (size_t i = 0; i < count; ++i) REQUIRE(stages.order[i] == i);
      CHECK(stages.written.size() == count - (count + 2) / 3);
      CHECK(stages.mixed == 0);
      CHECK(stages.strangers == 0);
    }
  }
}

TEST_CASE("slots are bounded by the threads, not by the items", "[pipeline]") {
  for (const int threads : {1, 2, 4}) {
    Stages::Slot::made = 0;
    Stages stages;
    RunOrdered(stages, 400, {.threads = threads});
    CHECK(Stages::Slot::made <= 2 * threads + 1);
  }
}

TEST_CASE("a stop ends the run early with a prefix collected", "[pipeline]") {
  for (const int threads : {1, 2, 8}) {
    CAPTURE(threads);
    Stages stages;
    stages.stop_after = 20;
    RunOrdered(stages, 100'000, {.threads = threads});
    REQUIRE(stages.order.size() >= 21);
    CHECK(stages.order.size() <= 21 + 2 * size_t(threads) + 1);
    CHECK(stages.worked == stages.order.size());
    for (size_t i = 0; i < stages.order.size(); ++i) REQUIRE(stages.order[i] == i);
  }
}

namespace {

// Whether every thread of this process but the caller sleeps, as the system sees it.
bool OthersSleep() {
  const auto self = std::filesystem::read_symlink("/proc/thread-self").filename();
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() == self) continue;
    std::string stat;
    std::getline(std::ifstream(task.path() / "stat"), stat);
    const size_t name_ends = stat.rfind(')');  // then " S ..."
    if (name_ends != std::string::npos && stat.compare(name_ends, 3, ") S") != 0) return false;
  }
  return true;
}

// The first item ends only when all slots are taken and nothing else is left to do.
struct BlockedStages : Stages {
  explicit BlockedStages(int threads) : others(2 * size_t(threads)) {}
  void Work(Worker& worker, Slot& slot, size_t item) {
    while (item == 0 && worked < others) std::this_thread::yield();
    while (item == 0 && !OthersSleep()) std::this_thread::yield();
    if (item == 0) ahead_of_first = worked;
    if (item == 0 && fails) throw std::runtime_error("the first item");
    Stages::Work(worker, slot, item);
  }
  const size_t others;
  size_t ahead_of_first = 0;
  bool fails = false;
};

}  // namespace

TEST_CASE("behind a slow item the others go on as far as the slots reach, and no further",
          "[pipeline]") {
  for (const int threads : {2, 3, 8}) {
    CAPTURE(threads);
    BlockedStages stages(threads);
    RunOrdered(stages, 500, {.threads = threads});
    CHECK(stages.ahead_of_first == 2 * size_t(threads));
    CHECK(stages.order.size() == 500);
    CHECK(stages.mixed == 0);
  }
}

TEST_CASE("an exception ends the run although all other threads wait", "[pipeline]") {
  for (const int threads : {2, 3, 8}) {
    CAPTURE(threads);
    BlockedStages stages(threads);
    stages.fails = true;
    CHECK_THROWS_WITH(RunOrdered(stages, 500, {.threads = threads}), "the first item");
    CHECK(stages.order.empty());
  }
}

TEST_CASE("ordered writes come one at a time in the order of the items", "[pipeline]") {
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    Stages stages;
    RunOrdered(stages, 500, {.threads = threads, .ordered_writes = true});
    CHECK(stages.writes.size() == 500 - 167);
    CHECK(std::ranges::is_sorted(stages.writes));
    CHECK_FALSE(stages.overlapped);
  }
}

namespace {

// Keeps every prefix that it is told, and holds each against what is written by then.
struct WatchedStages : Stages {
  void Written(const WrittenPrefix& prefix) {
    const std::lock_guard lock(mutex);
    if (!prefixes.empty() && prefix.items < prefixes.back().items) ++mixed;
    size_t rows = 0;
    for (size_t item = 0; item < prefix.items; ++item) {
      if (item % 3 == 0) continue;
      ++rows;
      if (!written.contains(item)) ++mixed;
    }
    if (rows != prefix.rows) ++mixed;
    prefixes.push_back(prefix);
  }
  std::vector<WrittenPrefix> prefixes;
};

}  // namespace

TEST_CASE("the prefix told holds no row that is not written, and ends at all of them",
          "[pipeline]") {
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    WatchedStages stages;
    const WrittenPrefix end = RunOrdered(stages, 300, {.threads = threads});
    CHECK(end == WrittenPrefix{300, 200});
    CHECK(stages.mixed == 0);
    REQUIRE_FALSE(stages.prefixes.empty());
    CHECK(stages.prefixes.back() == end);
  }
}

TEST_CASE("behind a row that could not be written the prefix does not grow", "[pipeline]") {
  for (const int threads : {1, 2, 3, 8}) {
    CAPTURE(threads);
    WatchedStages stages;
    stages.fails_to_write = 31;
    CHECK(RunOrdered(stages, 300, {.threads = threads}) == WrittenPrefix{31, 20});
    CHECK(stages.mixed == 0);
  }
}

}  // namespace imnorm
