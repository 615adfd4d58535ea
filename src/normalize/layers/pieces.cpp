// Runs numbered pieces of a sample set in parallel.
#include "normalize/layers/pieces.h"

#include <atomic>

#include "parallel/ordered_run.h"

namespace imnorm {
namespace {

class PieceStages {
 public:
  struct Worker {};
  struct Slot {
    int number = -1;  // none yet
    Result<void> result;
  };

  explicit PieceStages(const PieceSteps& steps) : steps_(steps) {}

  bool Stopped() const { return stopped_; }

  void Work(Worker&, Slot& slot, size_t piece) {
    if (slot.number < 0) slot.number = slots_++;
    if (!stopped_) slot.result = steps_.work(int64_t(piece), slot.number);
  }

  bool Collect(Slot& slot, size_t piece) {
    if (stopped_) return false;
    outcome_ = std::move(slot.result);
    if (outcome_) outcome_ = steps_.finish(int64_t(piece), slot.number);
    if (!outcome_) stopped_ = true;
    return false;
  }

  bool Write(Slot&) { return true; }

  Result<void> outcome() { return std::move(outcome_); }

 private:
  const PieceSteps& steps_;
  std::atomic<int> slots_{0};
  std::atomic<bool> stopped_{false};
  Result<void> outcome_;
};

}  // namespace

// One piece more than threads is under way, so that writing one leaves nobody idle.
int PieceSlots(int threads) { return threads <= 1 ? 1 : threads + 1; }

Result<void> RunPieces(int threads, int64_t count, const PieceSteps& steps) {
  PieceStages stages(steps);
  RunOrdered(stages, size_t(count), {.threads = threads, .slots = PieceSlots(threads)});
  return stages.outcome();
}

}  // namespace imnorm
