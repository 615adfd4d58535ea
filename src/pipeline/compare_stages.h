// The stages of a comparison: rows of pictures are made in parallel, numbered in order, and
// compared in parallel.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "imnorm/compare.h"
#include "pipeline/row_maker.h"
#include "pipeline/run_log.h"
#include "statistics/row_difference.h"

namespace imnorm {

// Where the rows of a side come from.
class RowsOfSide {
 public:
  // Errors:   those of TensorFile::Open, RowPlan::Create
  static Result<RowsOfSide> Open(const ComparedSide& side, const RunOptions& options);

  bool is_tensor() const { return tensor_.has_value(); }
  uint64_t tensor_rows() const { return rows_; }
  ElementType type() const { return is_tensor() ? tensor_->type() : plan_->plan.values.dtype; }
  const std::vector<int64_t>& tensor_shape() const { return tensor_->shape(); }
  const RowPlan& plan() const { return *plan_; }  // of pictures

  std::vector<int64_t> OrderedRowShape() const;  // of a tensor
  // Whether rows are (H,W,C).
  bool channels_last() const {
    return is_tensor() ? channels_last_ : plan_->plan.layout == Layout::kNhwc;
  }

  // Reads a tensor's row.
  Result<void> Read(uint64_t number, ComparedRow& row) const;

 private:
  std::optional<TensorFile> tensor_;
  std::string tensor_path_;
  uint64_t rows_ = 0;
  std::vector<int64_t> row_shape_;
  bool channels_last_ = false;
  std::shared_ptr<const RowPlan> plan_;
};

// Reads or makes single rows of a side again.
//
// Threads:  one at a time
class RowReader {
 public:
  // Both outlive it.
  RowReader(const RowsOfSide& rows, const InputList& pictures) : rows_(rows), pictures_(pictures) {
    if (!rows.is_tensor()) maker_.emplace(rows.plan());
  }

  // Row `number`, which is that of `input` in the list.
  Result<ComparedRow> Read(uint64_t number, std::optional<uint64_t> input);

 private:
  const RowsOfSide& rows_;
  const InputList& pictures_;
  std::optional<RowMaker> maker_;
};

// The shapes of a side's rows.
struct RowShapes {
  std::vector<int64_t> first;
  bool vary = false;

  void Add(const std::vector<int64_t>& shape) {
    if (first.empty()) first = shape;
    vary = vary || shape != first;
  }
};

// A row that both sides have: its difference, and the picture that it is of.
struct ComparedItem {
  RowDifference difference;
  std::optional<uint64_t> input;  // in the list
};

// See RunOrdered.
class CompareStages {
 public:
  struct Worker {
    std::unique_ptr<RowMaker> a, b;
  };
  struct Slot {
    ComparedRow a, b;
    ItemOutcome outcome;
    size_t input = 0;
    uint64_t number = 0;
  };

  // `log` is that of the pictures; none where both sides are tensors.
  CompareStages(const RowsOfSide& a, const RowsOfSide& b, const Tolerance& tolerance, RunLog* log,
                const RunOptions& options)
      : a_(a), b_(b), tolerance_(tolerance), log_(log), options_(options) {}

  bool Stopped() const;
  void Work(Worker& worker, Slot& slot, size_t item);
  bool Collect(Slot& slot, size_t item);
  bool Write(Slot& slot);

  uint64_t rows() const { return rows_; }  // that pictures have
  std::vector<ComparedItem>& items() { return items_; }
  const UlpCounts& ulp() const { return ulp_; }
  const std::vector<std::vector<int64_t>>& shapes() const { return shapes_; }  // in order
  const RowShapes& a_shapes() const { return a_shapes_; }                      // of pictures
  const RowShapes& b_shapes() const { return b_shapes_; }
  bool channels_last_differ() const { return a_.channels_last() != b_.channels_last(); }
  Result<void> failure() const;

 private:
  bool Make(const RowsOfSide& side, std::unique_ptr<RowMaker>& maker, Slot& slot, ComparedRow& row);
  void Abort(Error error);

  const RowsOfSide& a_;
  const RowsOfSide& b_;
  const Tolerance tolerance_;
  RunLog* const log_;
  const RunOptions& options_;
  uint64_t rows_ = 0;
  std::vector<std::vector<int64_t>> shapes_;
  RowShapes a_shapes_, b_shapes_;
  std::mutex mutex_;  // of all below
  std::vector<ComparedItem> items_;
  UlpCounts ulp_ = {};
  std::optional<Error> error_;
  std::atomic<bool> aborted_{false};
};

}  // namespace imnorm
