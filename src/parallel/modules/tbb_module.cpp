// The module imnorm_tbb.so: oneTBB's pipeline and loop behind a C table.
#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include "parallel/tbb_api.h"

namespace {

// Runs a step in an arena of `threads` threads; every exception ends here.
template <typename Step>
int InArena(int threads, const Step& step) {
  try {
    // Without it TBB writes a warning where more threads are asked for than there are CPUs.
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, size_t(threads));
    tbb::task_arena arena(threads);
    arena.execute(step);
    return 0;
  } catch (...) {
    return 1;
  }
}

int RunPipeline(int threads, int tokens, const ImnormTbbStages* stages) {
  const ImnormTbbStages& s = *stages;
  return InArena(threads, [&] {
    tbb::enumerable_thread_specific<void*> kept(nullptr);
    const auto next = [&](tbb::flow_control& flow) {
      void* token = s.next(s.user);
      if (token == nullptr) flow.stop();
      return token;
    };
    const auto work = [&](void* token) {
      s.work(s.user, token, &kept.local());
      return token;
    };
    const auto collect = [&](void* token) {
      s.collect(s.user, token);
      return token;
    };
    const auto write = [&](void* token) { s.write(s.user, token); };
    using tbb::make_filter;
    constexpr auto kInOrder = tbb::filter_mode::serial_in_order;
    constexpr auto kParallel = tbb::filter_mode::parallel;
    tbb::parallel_pipeline(size_t(tokens), make_filter<void, void*>(kInOrder, next) &
                                               make_filter<void*, void*>(kParallel, work) &
                                               make_filter<void*, void*>(kInOrder, collect) &
                                               make_filter<void*, void>(kParallel, write));
  });
}

int RunParallel(int threads, int64_t count, void (*body)(void*, int64_t), void* user) {
  return InArena(threads, [&] {
    tbb::parallel_for(int64_t(0), count, [&](int64_t i) { body(user, i); });
  });
}

constexpr ImnormTbbApi kApi = {kImnormTbbApi, RunPipeline, RunParallel};

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormTbbApi* imnorm_tbb_api() {
  return &kApi;
}
