#include "parallel/parallel.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace imnorm {

TEST_CASE("a loop runs once on each thread, the caller's among them", "[parallel]") {
  for (const int threads : {1, 2, 7}) {
    std::mutex mutex;
    std::set<std::thread::id> seen;
    RunOnThreads(threads, [&] {
      const std::lock_guard lock(mutex);
      REQUIRE(seen.insert(std::this_thread::get_id()).second);
    });
    CHECK(seen.size() == size_t(threads));
    CHECK(seen.count(std::this_thread::get_id()) == 1);
  }
}

TEST_CASE("a parallel body is called once for each index", "[parallel]") {
  for (const int threads : {1, 2, 7}) {
    for (const int64_t count : {0, 1, 2, 1000}) {
      std::vector<std::atomic<int>> calls(static_cast<size_t>(count));
      RunParallel(threads, count, [&](int64_t i) { ++calls[size_t(i)]; });
      for (const auto& n : calls) REQUIRE(n == 1);
    }
  }
}

TEST_CASE("an exception of a thread arrives when all have ended", "[parallel]") {
  std::atomic<int> ended{0};
  std::atomic<int> begun{0};
  CHECK_THROWS_WITH(RunOnThreads(4,
                                 [&] {
                                   const int number = begun++;
                                   while (begun < 4) std::this_thread::yield();
                                   if (number == 2) throw std::runtime_error("the third");
                                   ++ended;
                                 }),
                    "the third");
  CHECK(ended == 3);
  std::atomic<int> called{0};
  CHECK_THROWS_WITH(RunParallel(3, 1'000'000,
                                [&](int64_t i) {
                                  ++called;
                                  if (i == 10) throw std::runtime_error("index 10");
                                }),
                    "index 10");
  CHECK(called < 1'000'000);
}

}  // namespace imnorm
