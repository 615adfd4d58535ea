// All that comes behind a row's making is done again with those that an earlier run left, so that
// nothing in an output tells how often its run was begun.
#include "pipeline/resumed_rows.h"

namespace imnorm {

class ResumedRows::Maker : public RowSource::Worker {
 public:
  explicit Maker(const ResumedRows& rows) : rows_(rows), made_(rows.made_.MakeWorker()) {}

  void Make(size_t item, MadeRow& row) override {
    if (rows_.journal_.Take(item, row)) return;
    row.stood.reset();
    row.patches.reset();
    made_->Make(item, row);
    if (row.outcome.decoded) row.hash = HashOf(row.bytes);
  }

 private:
  const ResumedRows& rows_;
  std::unique_ptr<Worker> made_;
};

std::unique_ptr<RowSource::Worker> ResumedRows::MakeWorker() const {
  return std::make_unique<Maker>(*this);
}

}  // namespace imnorm
