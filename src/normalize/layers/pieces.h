// Work on numbered pieces in parallel, finished in order.
#pragma once

#include <cstdint>
#include <functional>

#include "imnorm/error.h"

namespace imnorm {

// Runs `work(i, slot)` for i in [0, count) on up to `threads` threads, and `finish(i, slot)` for
// each in order, one at a time. `slot` < PieceSlots(threads) is the piece's own until it is
// finished. Stops at the first error, by order of pieces.
struct PieceSteps {
  std::function<Result<void>(int64_t, int)> work;
  std::function<Result<void>(int64_t, int)> finish;
};
int PieceSlots(int threads);
Result<void> RunPieces(int threads, int64_t count, const PieceSteps& steps);

}  // namespace imnorm
