#include "normalize/layers/pieces.h"

#include <atomic>
#include <vector>

#include "parallel/parallel.h"

namespace imnorm {
namespace {

// A token is a slot. At most as many pieces as there are slots live at once, and they are finished
// in order, so piece i - slots is finished when piece i begins: slot i % slots is free.
class PiecePipeline : public PipelineStages {
 public:
  PiecePipeline(int64_t count, int slots, const PieceSteps& steps)
      : count_(count), steps_(steps), slots_(size_t(slots)) {}

  void* Next() override {
    if (next_ == count_ || stopped_) return nullptr;
    Slot& slot = slots_[size_t(next_) % slots_.size()];
    slot.piece = next_++;
    return &slot;
  }

  void Work(void* token, void**) override {
    Slot& slot = Of(token);
    if (!stopped_) slot.result = steps_.work(slot.piece, Number(slot));
  }

  void Collect(void* token) override {
    if (stopped_) return;
    Slot& slot = Of(token);
    outcome_ = std::move(slot.result);
    if (outcome_) outcome_ = steps_.finish(slot.piece, Number(slot));
    if (!outcome_) stopped_ = true;
  }

  void Write(void*) override {}

  Result<void> outcome() { return std::move(outcome_); }

 private:
  struct Slot {
    int64_t piece = 0;
    Result<void> result;
  };
  static Slot& Of(void* token) { return *static_cast<Slot*>(token); }
  int Number(const Slot& slot) const { return int(&slot - slots_.data()); }

  const int64_t count_;
  const PieceSteps& steps_;
  std::vector<Slot> slots_;
  int64_t next_ = 0;
  std::atomic<bool> stopped_{false};
  Result<void> outcome_;
};

}  // namespace

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
  PiecePipeline pipeline(count, PieceSlots(threads), steps);
  RunPipeline(threads, PieceSlots(threads), pipeline);
  return pipeline.outcome();
}

}  // namespace imnorm
