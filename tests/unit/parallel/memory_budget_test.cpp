// Bytes that several threads share.
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "imnorm/memory.h"

namespace imnorm {
namespace {

const Stop kNever;

void WaitFor(const MemoryBudget& budget, size_t waiting) {
  while (budget.waiting() != waiting) std::this_thread::yield();
}

TEST_CASE("What is admitted at once is never more than there is", "[memory]") {
  MemoryBudget budget(1000);
  std::atomic<int> used{0}, most{0}, done{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const int bytes = 1 + (t * 131 + i * 71) % 1000;
        const auto lease = budget.Admit(uint64_t(bytes), kNever);
        if (!lease) continue;
        const int now = used += bytes;
        for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
        std::this_thread::yield();
        used -= bytes;
        ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(done == 8 * 200);
  CHECK(most <= 1000);
  CHECK(most > 500);
}

TEST_CASE("More than all of it is refused, and names the setting", "[memory]") {
  MemoryBudget budget(uint64_t{64} << 20);
  const auto lease = budget.Admit((uint64_t{64} << 20) + 1, kNever);
  REQUIRE_FALSE(lease);
  CHECK(lease.error().code == ErrorCode::kTooLarge);
  CHECK(lease.error().setting == "conduct.memory");
  CHECK(lease.error().message.find("65M") != std::string::npos);
  CHECK(budget.Admit(uint64_t{64} << 20, kNever));
}

TEST_CASE("Who comes first is served first, however much it is", "[memory]") {
  MemoryBudget budget(100);
  auto held = budget.Admit(60, kNever);
  REQUIRE(held);
  std::atomic<int> order{0}, large{0}, small{0};
  std::thread first([&] {
    const auto lease = budget.Admit(100, kNever);
    large = ++order;
  });
  WaitFor(budget, 1);
  std::thread second([&] {
    const auto lease = budget.Admit(10, kNever);  // would fit beside the 60
    small = ++order;
  });
  WaitFor(budget, 2);
  CHECK(order == 0);
  held->Release();
  first.join();
  second.join();
  CHECK(large == 1);
  CHECK(small == 2);
}

TEST_CASE("Who waits can be told to stop, and holds nobody up", "[memory]") {
  MemoryBudget budget(100);
  auto held = budget.Admit(60, kNever);
  std::atomic<bool> stopped{false}, cancelled{false};
  std::thread waits([&] {
    const auto lease = budget.Admit(80, [&] { return stopped.load(); });
    cancelled = !lease && lease.error().code == ErrorCode::kCancelled;
  });
  WaitFor(budget, 1);
  stopped = true;
  waits.join();
  CHECK(cancelled);
  CHECK(budget.Admit(40, kNever));
  CHECK_FALSE(budget.TryAdmit(41));
  CHECK(budget.TryAdmit(40));
}

TEST_CASE("There is some memory, and a quarter of it is the default", "[memory]") {
  CHECK(UsableMemory() > (uint64_t{64} << 20));
  CHECK(DefaultMemory() <= UsableMemory() / 4);
  CHECK(DefaultMemory() <= (uint64_t{4} << 30));
  CHECK(MemoryBudget().bytes() == DefaultMemory());
}

}  // namespace
}  // namespace imnorm
