// The shape of every run: ordered source, parallel work, ordered collection, parallel write.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "parallel/parallel.h"

namespace imnorm {

// How far a run has come without a gap: so many of the first items are done with, and so many rows
// of them are written.
struct WrittenPrefix {
  size_t items = 0;
  size_t rows = 0;
  bool operator==(const WrittenPrefix&) const = default;
};

template <typename Stages>
constexpr bool kTellsPrefix = requires(Stages& stages) {
  stages.Written(WrittenPrefix());
};

struct OrderedOptions {
  int threads = 1;
  bool ordered_writes = false;  // Write one at a time, in the order of the items
  int slots = 0;                // 0: as many as keep all threads busy though items differ in size
};

// What the threads of RunOrdered share. Each is in Loop from the beginning of the run to its end
// and takes, whenever it has nothing in hand, the task that is nearest to an item's end. One lock
// covers what is next: taken four times an item for some dozen instructions each.
//
// Not oneTBB's parallel_pipeline, which hands items on as tasks that idle threads look for in each
// other's queues: on 64 threads that search took 70 us of CPU an item where this takes 5, its
// threads went on looking while the output was synced, and to load it was half of a start-up.
template <typename Stages>
class OrderedRun {
 public:
  OrderedRun(Stages& stages, size_t count, size_t slots, bool ordered_writes)
      : stages_(stages),
        count_(count),
        ordered_writes_(ordered_writes),
        tokens_(slots),
        ready_(slots) {
    for (Token& token : tokens_) free_.push_back(&token);
    to_write_.reserve(slots);
    writing_.reserve(slots);
  }

  // One thread's share.
  void Loop() {
    std::unique_ptr<Worker> worker;
    std::unique_lock lock(mutex_);
    try {
      while (Step(worker, lock)) continue;
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      failed_ = true;
      changed_.notify_all();
      throw;
    }
  }

  // After the end.
  WrittenPrefix Written() const { return Prefix(); }

 private:
  using Worker = typename Stages::Worker;
  struct Token {
    typename Stages::Slot slot;
    size_t item = 0;
    size_t row = 0;  // from CollectOne on
  };

  // What is written by now without a gap; behind the earliest row that is not nothing counts.
  WrittenPrefix Prefix() const {
    WrittenPrefix prefix{collected_, rows_};
    const auto bound = [&](size_t item, size_t row) {
      if (item < prefix.items) prefix = {item, row};
    };
    for (const Token* token : to_write_) bound(token->item, token->row);
    for (const Token* token : writing_) bound(token->item, token->row);
    if (unwritten_) bound(unwritten_->items, unwritten_->rows);
    return prefix;
  }

  void TellPrefix() {
    if constexpr (kTellsPrefix<Stages>) stages_.Written(Prefix());
  }

  // Does one thing, or waits for another thread; false: the run is over.
  bool Step(std::unique_ptr<Worker>& worker, std::unique_lock<std::mutex>& lock) {
    if (failed_) return false;
    Token*& head = ready_[collected_ % ready_.size()];
    const bool can_work = next_ < count_ && !free_.empty() && !stages_.Stopped();
    if (head != nullptr && !collecting_) {
      CollectOne(head, lock);
    } else if (!to_write_.empty() && (writing_.empty() || (!ordered_writes_ && !can_work))) {
      // File systems let one thread at a time write to a file: a second one would only wait.
      WriteOne(lock);
    } else if (can_work) {
      WorkOne(worker, lock);
    } else if (free_.size() == tokens_.size()) {
      changed_.notify_all();
      return false;
    } else {
      changed_.wait(lock);
    }
    return true;
  }

  void WorkOne(std::unique_ptr<Worker>& worker, std::unique_lock<std::mutex>& lock) {
    Token* token = free_.back();
    free_.pop_back();
    token->item = next_++;
    lock.unlock();
    if (!worker) worker = std::make_unique<Worker>();
    stages_.Work(*worker, token->slot, token->item);
    lock.lock();
    // Of the items under way none is as many ahead of another as there are tokens.
    ready_[token->item % ready_.size()] = token;
  }

  void CollectOne(Token*& head, std::unique_lock<std::mutex>& lock) {
    Token* token = std::exchange(head, nullptr);
    collecting_ = true;
    lock.unlock();
    const bool written = stages_.Collect(token->slot, token->item);
    lock.lock();
    collecting_ = false;
    ++collected_;
    if (written) token->row = rows_++;
    (written ? to_write_ : free_).push_back(token);
    TellPrefix();
    changed_.notify_one();
  }

  void WriteOne(std::unique_lock<std::mutex>& lock) {
    Token* token = to_write_.front();
    to_write_.erase(to_write_.begin());
    writing_.push_back(token);
    lock.unlock();
    const bool written = stages_.Write(token->slot);
    lock.lock();
    std::erase(writing_, token);
    if (!written && (!unwritten_ || token->item < unwritten_->items)) {
      unwritten_ = WrittenPrefix{token->item, token->row};
    }
    free_.push_back(token);
    TellPrefix();
    changed_.notify_one();
  }

  Stages& stages_;
  const size_t count_;
  const bool ordered_writes_;
  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::vector<Token> tokens_;
  std::vector<Token*> free_;
  std::vector<Token*> ready_;     // worked on; item i stands at i % size
  std::vector<Token*> to_write_;  // first come, first served
  std::vector<Token*> writing_;
  size_t next_ = 0;
  size_t collected_ = 0;
  size_t rows_ = 0;
  bool collecting_ = false;
  std::optional<WrittenPrefix> unwritten_;  // the first item that could not be written
  bool failed_ = false;
};

// Runs `stages` over the items 0 .. count - 1.
//
// Rules:    Stages has
//             Worker            what a thread keeps between items (decoders, buffers)
//             Slot              what travels with one item; reused, so memory follows the threads
//             bool Stopped()    asked before each item: true ends the run early
//             void Work(Worker&, Slot&, size_t item)   parallel
//             bool Collect(Slot&, size_t item)         one at a time, in the order of the items;
//                                                      false: this item has no row
//             bool Write(Slot&)                        parallel, or in order if so asked; false: it
//                                                      could not be written
//             void Written(WrittenPrefix)              where there is one: one at a time, whenever
//                                                      the prefix may have grown; others wait for
//                                                      it
//           At most `slots` slots exist. An exception of a stage ends the run and comes out here.
//           A run that is stopped still ends what it has begun; the prefix says how far it came.
template <typename Stages>
WrittenPrefix RunOrdered(Stages& stages, size_t count, const OrderedOptions& options) {
  if (options.threads <= 1 || count <= 1) {
    typename Stages::Worker worker;
    typename Stages::Slot slot;
    WrittenPrefix prefix;
    bool whole = true;
    for (size_t item = 0; item < count && !stages.Stopped(); ++item) {
      stages.Work(worker, slot, item);
      const bool row = stages.Collect(slot, item);
      whole = (!row || stages.Write(slot)) && whole;
      if (!whole) continue;
      ++prefix.items;
      if (row) ++prefix.rows;
      if constexpr (kTellsPrefix<Stages>) stages.Written(prefix);
    }
    return prefix;
  }
  const int slots = options.slots > 0 ? options.slots : 2 * options.threads + 1;
  OrderedRun<Stages> run(stages, count, size_t(slots), options.ordered_writes);
  RunOnThreads(options.threads, [&] { run.Loop(); });
  return run.Written();
}

}  // namespace imnorm
