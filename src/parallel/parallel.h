// Work on several threads, by oneTBB.
//
// oneTBB stands in a module (parallel/tbb_api.h) that is loaded with the first call: it needs the
// shared C++ runtime, which is half of a start-up, and a run over one picture needs neither.
#pragma once

#include <cstdint>
#include <functional>

namespace imnorm {

// What a pipeline does with its tokens. A token is the pipeline's own: how many there are bounds
// what is under way at once, and Next may give one again once Write had it.
class PipelineStages {
 public:
  virtual ~PipelineStages() = default;
  // The next token to work on, or null: no more. One call at a time.
  virtual void* Next() = 0;
  // In parallel. *kept is the thread's own through the whole run, null at first.
  virtual void Work(void* token, void** kept) = 0;
  // One call at a time, in the order in which Next gave the tokens.
  virtual void Collect(void* token) = 0;
  // In parallel.
  virtual void Write(void* token) = 0;
};

// Sends at most `tokens` tokens at once through the stages, on `threads` threads.
//
// Rules:    the first exception of a stage ends the run and is thrown again here. Where the module
//           cannot be loaded one thread does it all, and OneThreadReason() (imnorm/run.h) says why.
void RunPipeline(int threads, int tokens, PipelineStages& stages);

// Calls body(0) .. body(count - 1) in any order, on `threads` threads.
//
// Rules:    as RunPipeline
void RunParallel(int threads, int64_t count, const std::function<void(int64_t)>& body);

}  // namespace imnorm
