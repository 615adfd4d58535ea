// The stages of a run from pictures to tensor rows: decode, place and map in parallel, number the
// rows in order, write them in parallel.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "geometry/placed_source.h"
#include "pipeline/labels.h"
#include "pipeline/picture_input.h"
#include "pipeline/plane_writer.h"
#include "pipeline/run_log.h"
#include "sink/row_writer.h"

namespace imnorm {

// See RunOrdered.
class NormalizeStages {
 public:
  struct Worker {
    PictureWorker picture;
    std::unique_ptr<PlaneWriter> planes;
    std::unique_ptr<PlacedSource> geometry;
  };
  struct Slot {
    PictureOutcome outcome;
    Placement place;
    std::array<int64_t, 3> shape = {};
    std::vector<uint8_t> row;
    RowInfo info;
    uint64_t row_number = 0;
    ValueCounts met;

    RowBlock block() const { return {row_number, 1, row.data(), {&info, 1}}; }
  };

  NormalizeStages(const Plan& plan, const PlanTables& tables, const DecodeOptions& decode,
                  const Labels& labels, RunLog& log, RowWriter& rows)
      : plan_(plan), tables_(tables), decode_(decode), labels_(labels), log_(log), writer_(rows) {}

  bool Stopped() const { return log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item);
  bool Collect(Slot& slot, size_t item);
  bool Write(Slot& slot);

  const std::vector<int64_t>& row_shape() const { return shape_; }  // empty: there are no rows
  uint64_t rows() const { return rows_; }
  const ValueCounts& met() const { return met_; }

 private:
  const Plan& plan_;
  const PlanTables& tables_;
  const DecodeOptions& decode_;
  const Labels& labels_;
  RunLog& log_;
  RowWriter& writer_;
  std::vector<int64_t> shape_;
  size_t first_ = 0;
  uint64_t rows_ = 0;
  ValueCounts met_;
};

}  // namespace imnorm
