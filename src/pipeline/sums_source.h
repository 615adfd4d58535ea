// What makes the sums of a run's items.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "imnorm/statistics.h"
#include "pipeline/run_items.h"
#include "source/digest.h"

namespace imnorm {

// An item's sums in the making; their memory serves the next ones.
struct MadeSums {
  ItemOutcome outcome;
  PictureSums integers;
  std::optional<FloatSums> floats;  // in their place
  std::optional<Digest> sha256;     // of the file, where it is asked for
};

// Threads:  one worker a thread; MakeWorker from any
class SumsSource {
 public:
  class Worker {
   public:
    virtual ~Worker() = default;

    // Adds an item up, or says in its outcome why it is not.
    virtual void Make(size_t item, MadeSums& sums) = 0;
  };

  virtual ~SumsSource() = default;
  virtual std::unique_ptr<Worker> MakeWorker() const = 0;
};

}  // namespace imnorm
