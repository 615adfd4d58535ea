// The shape of every run: ordered source, parallel work, ordered collection, parallel write.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "parallel/parallel.h"

namespace imnorm {

// The stages of RunOrdered as those of a pipeline: a token is a slot and the item in it.
template <typename Stages>
class OrderedTokens : public PipelineStages {
 public:
  OrderedTokens(Stages& stages, size_t count, int threads) : stages_(stages), count_(count) {
    for (int i = 0; i < 2 * threads + 1; ++i) {
      all_.push_back(std::make_unique<Token>());
      free_.push_back(all_.back().get());
    }
  }

  int size() const { return int(all_.size()); }

  void* Next() override {
    if (next_ == count_ || stages_.Stopped()) return nullptr;
    const std::lock_guard lock(mutex_);
    Token* token = free_.back();
    free_.pop_back();
    token->item = next_++;
    return token;
  }

  void Work(void* token, void** kept) override {
    if (*kept == nullptr) {
      auto worker = std::make_unique<Worker>();
      const std::lock_guard lock(mutex_);
      *kept = workers_.emplace_back(std::move(worker)).get();
    }
    stages_.Work(*static_cast<Worker*>(*kept), Of(token).slot, Of(token).item);
  }

  void Collect(void* token) override {
    Of(token).write = stages_.Collect(Of(token).slot, Of(token).item);
  }

  void Write(void* token) override {
    if (Of(token).write) stages_.Write(Of(token).slot);
    const std::lock_guard lock(mutex_);
    free_.push_back(&Of(token));
  }

 private:
  using Worker = typename Stages::Worker;
  struct Token {
    typename Stages::Slot slot;
    size_t item = 0;
    bool write = false;
  };
  static Token& Of(void* token) { return *static_cast<Token*>(token); }

  Stages& stages_;
  const size_t count_;
  size_t next_ = 0;
  std::vector<std::unique_ptr<Token>> all_;
  std::mutex mutex_;  // of the two below
  std::vector<Token*> free_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

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
  OrderedTokens<Stages> tokens(stages, count, threads);
  RunPipeline(threads, tokens.size(), tokens);
}

}  // namespace imnorm
