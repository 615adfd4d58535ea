// The shape of every run: ordered source, parallel work, ordered collection, parallel write.
#pragma once

#include <oneapi/tbb/enumerable_thread_specific.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_pipeline.h>
#include <oneapi/tbb/task_arena.h>

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

namespace imnorm {

// Runs `stages` over the items 0 .. count - 1.
//
// Rules:    Stages has
//             Worker            what a thread keeps between items (decoders, buffers)
//             Slot              what travels with one item; reused, so memory follows the threads
//             bool Stopped()    asked before each item: true ends the run early
//             void Work(Worker&, Slot&, size_t item)   parallel
//             bool Collect(Slot&, size_t item)         one at a time, in the order of the items;
//                                                      false: this item is not written
//             void Write(Slot&)                        parallel
//           At most 2 * threads + 1 slots exist. One thread, or one item, runs without TBB.
template <typename Stages>
void RunOrdered(Stages& stages, size_t count, int threads) {
  using Slot = typename Stages::Slot;
  using Worker = typename Stages::Worker;
  if (threads <= 1 || count <= 1) {
    Worker worker;
    Slot slot;
    for (size_t item = 0; item < count && !stages.Stopped(); ++item) {
      stages.Work(worker, slot, item);
      if (stages.Collect(slot, item)) stages.Write(slot);
    }
    return;
  }

  struct Token {
    Slot slot;
    size_t item = 0;
    bool write = false;
  };
  const size_t tokens = 2 * size_t(threads) + 1;
  std::vector<std::unique_ptr<Token>> all;
  std::vector<Token*> free;
  std::mutex free_mutex;
  for (size_t i = 0; i < tokens; ++i) {
    all.push_back(std::make_unique<Token>());
    free.push_back(all.back().get());
  }
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, size_t(threads));
  tbb::task_arena arena(threads);
  size_t next = 0;
  arena.execute([&] {
    tbb::parallel_pipeline(
        tokens, tbb::make_filter<void, Token*>(tbb::filter_mode::serial_in_order,
                                               [&](tbb::flow_control& flow) -> Token* {
                                                 if (next == count || stages.Stopped()) {
                                                   flow.stop();
                                                   return nullptr;
                                                 }
                                                 const std::lock_guard lock(free_mutex);
                                                 Token* token = free.back();
                                                 free.pop_back();
                                                 token->item = next++;
                                                 return token;
                                               }) &
                    tbb::make_filter<Token*, Token*>(tbb::filter_mode::parallel,
                                                     [&](Token* token) {
                                                       auto& worker = workers.local();
                                                       if (!worker)
                                                         worker = std::make_unique<Worker>();
                                                       stages.Work(*worker, token->slot,
                                                                   token->item);
                                                       return token;
                                                     }) &
                    tbb::make_filter<Token*, Token*>(tbb::filter_mode::serial_in_order,
                                                     [&](Token* token) {
                                                       token->write =
                                                           stages.Collect(token->slot, token->item);
                                                       return token;
                                                     }) &
                    tbb::make_filter<Token*, void>(tbb::filter_mode::parallel, [&](Token* token) {
                      if (token->write) stages.Write(token->slot);
                      const std::lock_guard lock(free_mutex);
                      free.push_back(token);
                    }));
  });
}

}  // namespace imnorm
