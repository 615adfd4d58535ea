// What makes the rows of a run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "imnorm/patches.h"
#include "imnorm/values.h"
#include "pipeline/run_items.h"

namespace imnorm {

// A row in the making; its memory serves the next one.
//
// Rules:    an item of a plan with patches becomes several rows, each of `shape`
struct MadeRow {
  ItemOutcome outcome;
  std::vector<int64_t> shape;
  std::optional<PatchGrid> patches = {};
  std::array<int64_t, 4> numbers = {};  // of the patches: see RowInfo
  std::vector<uint8_t> bytes;
  uint64_t hash = 0;  // of the bytes, where a journal is kept
  ValueCounts met;    // what the output could not hold
  // Where an earlier run put these very bytes, by its number of the row; none: they were made.
  std::optional<uint64_t> stood = {};
};

// Threads:  one worker a thread; MakeWorker from any
class RowSource {
 public:
  class Worker {
   public:
    virtual ~Worker() = default;

    // Makes the row of an item, or says in its outcome why there is none.
    virtual void Make(size_t item, MadeRow& row) = 0;
  };

  virtual ~RowSource() = default;
  virtual std::unique_ptr<Worker> MakeWorker() const = 0;

  // Bytes of an item's rows, as far as is known before they are made; 0: it is not.
  virtual uint64_t row_bytes() const { return 0; }
};

}  // namespace imnorm
