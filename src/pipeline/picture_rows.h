// Pictures -> rows of a tensor, every value by a table.
#pragma once

#include <cstdint>
#include <memory>

#include "imnorm/plan.h"
#include "pipeline/plane_writer.h"
#include "pipeline/row_source.h"
#include "pipeline/run_log.h"

namespace imnorm {

class PictureRows : public RowSource {
 public:
  // `log` and `plan` outlive it.
  //
  // Errors:   those of MakePlanTables
  static Result<PictureRows> Create(const RunLog& log, const Plan& plan, const RunOptions& options);

  std::unique_ptr<Worker> MakeWorker() const override;
  uint64_t row_bytes() const override;

 private:
  class Maker;

  PictureRows(const RunLog& log, const Plan& plan, DecodeOptions decode,
              std::unique_ptr<const PlanTables> tables)
      : log_(log), plan_(plan), decode_(std::move(decode)), tables_(std::move(tables)) {}

  const RunLog& log_;
  const Plan& plan_;
  DecodeOptions decode_;
  std::unique_ptr<const PlanTables> tables_;
};

}  // namespace imnorm
