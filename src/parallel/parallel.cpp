// Runs a function on several threads and waits for all.
#include "parallel/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace imnorm {

void RunOnThreads(int threads, const std::function<void()>& loop) {
  std::mutex mutex;
  std::exception_ptr first;
  const auto guarded = [&] {
    try {
      loop();
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!first) first = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    try {
      for (int i = 1; i < threads; ++i) others.emplace_back(guarded);
    } catch (const std::system_error&) {
      // A limit of the system: those that run do all the work.
    }
    guarded();
  }
  if (first) std::rethrow_exception(first);
}

void RunParallel(int threads, int64_t count, const std::function<void(int64_t)>& body) {
  std::atomic<int64_t> next{0};
  const auto loop = [&] {
    try {
      for (int64_t i = next++; i < count; i = next++) body(i);
    } catch (...) {
      next = count;
      throw;
    }
  };
  RunOnThreads(int(std::min<int64_t>(threads, count)), loop);
}

}  // namespace imnorm
