#include "normalize/layers/pieces.h"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <vector>

namespace imnorm {

// One piece more than threads is under way, so that writing one leaves nobody idle.
int PieceSlots(int threads) { return threads <= 1 ? 1 : threads + 1; }

Result<void> RunPieces(int threads, int64_t count, const PieceSteps& steps) {
  if (threads <= 1 || count <= 1) {
    for (int64_t i = 0; i < count; ++i) {
      auto done = steps.work(i, 0);
      if (done) done = steps.finish(i, 0);
      if (!done) return done;
    }
    return {};
  }
  // At most `slots` pieces live at once and they leave in order, so piece i - slots is gone when
  // piece i begins: i % slots is free.
  const int slots = PieceSlots(threads);
  std::vector<Result<void>> results(size_t(slots), Result<void>{});
  Result<void> outcome;
  std::atomic<bool> stopped{false};
  int64_t next = 0;
  const auto generate = [&](tbb::flow_control& control) -> int64_t {
    if (next == count || stopped) {
      control.stop();
      return 0;
    }
    return next++;
  };
  const auto work = [&](int64_t i) {
    const int slot = int(i % slots);
    if (!stopped) results[size_t(slot)] = steps.work(i, slot);
    return i;
  };
  const auto finish = [&](int64_t i) {
    if (stopped) return;
    const int slot = int(i % slots);
    outcome = std::move(results[size_t(slot)]);
    if (outcome) outcome = steps.finish(i, slot);
    if (!outcome) stopped = true;
  };
  // Without it TBB writes a warning where more threads are asked for than there are CPUs.
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, size_t(threads));
  tbb::task_arena arena(threads);
  arena.execute([&] {
    tbb::parallel_pipeline(
        size_t(slots),
        tbb::make_filter<void, int64_t>(tbb::filter_mode::serial_in_order, generate) &
            tbb::make_filter<int64_t, int64_t>(tbb::filter_mode::parallel, work) &
            tbb::make_filter<int64_t, void>(tbb::filter_mode::serial_in_order, finish));
  });
  return outcome;
}

}  // namespace imnorm
