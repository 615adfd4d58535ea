// Rows of an earlier run where it left them, and made ones where it did not.
#pragma once

#include <cstdint>
#include <memory>

#include "pipeline/row_source.h"
#include "pipeline/run_journal.h"

namespace imnorm {

class ResumedRows : public RowSource {
 public:
  // Both outlive it.
  ResumedRows(const RowSource& made, const RunJournal& journal) : made_(made), journal_(journal) {}

  std::unique_ptr<Worker> MakeWorker() const override;
  uint64_t row_bytes() const override { return made_.row_bytes(); }

 private:
  class Maker;

  const RowSource& made_;
  const RunJournal& journal_;
};

}  // namespace imnorm
