// The stages of a run that makes a tensor: rows are made in parallel, numbered in order, and
// written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "parallel/ordered_run.h"
#include "pipeline/row_source.h"
#include "pipeline/row_witness.h"
#include "pipeline/run_items.h"
#include "sink/row_writer.h"

namespace imnorm {

// See RunOrdered.
class NormalizeStages {
 public:
  struct Worker {
    std::unique_ptr<RowSource::Worker> maker;
  };
  struct Slot {
    MadeRow row;
    std::optional<RowInfo> info;
    uint64_t number = 0;
    uint64_t picture = 0;

    RowBlock block() const {
      RowBlock block{number,  info ? info->rows : 1, row.bytes.data(), {},
                     picture, row.stood == number};
      if (info) block.infos = {&*info, 1};
      return block;
    }
  };

  NormalizeStages(RunItems& items, const RowSource& source, RowWriter& writer,
                  RowWitness* witness = nullptr)
      : items_(items), source_(source), writer_(writer), witness_(witness) {}

  bool Stopped() const { return items_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item);
  bool Collect(Slot& slot, size_t item);
  bool Write(Slot& slot);

  const std::vector<int64_t>& row_shape() const { return shape_; }  // empty: there are no rows
  uint64_t rows() const { return rows_; }
  const ValueCounts& met() const { return met_; }

 private:
  RunItems& items_;
  const RowSource& source_;
  RowWriter& writer_;
  RowWitness* const witness_;
  bool ended_ = false;  // by a stop, within a picture
  std::vector<int64_t> shape_;
  size_t first_ = 0;
  uint64_t rows_ = 0;
  uint64_t pictures_ = 0;
  ValueCounts met_;
};

// Makes the rows of all items and hands them to `writer`, which the caller makes last.
//
// Rules:    rows are in the order of the items. `written`, if not nullptr, says how far they were
//           handed over without a gap, also where the run failed. `witness`, if not nullptr, is
//           told of every item
// Errors:   items of different shapes (kBadArgument); those of the writer; kCancelled; what ends
//           the run by the word of `items`
Result<RunReport> RunRows(RunItems& items, const RowSource& source, const RunOptions& options,
                          RowWriter& writer, WrittenPrefix* written = nullptr,
                          RowWitness* witness = nullptr);

}  // namespace imnorm
