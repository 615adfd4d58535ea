// Whatever the rows are made of, they are numbered and written by one code.
#include "pipeline/normalize_stages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace imnorm {

void NormalizeStages::Work(Worker& worker, Slot& slot, size_t item) {
  if (!worker.maker) worker.maker = source_.MakeWorker();
  worker.maker->Make(item, slot.row);
}

bool NormalizeStages::Collect(Slot& slot, size_t item) {
  MadeRow& row = slot.row;
  // Behind a picture that the end of the run has cut short nothing has its number any more: a shard
  // that others filled up would be a wrong one.
  if (ended_) return false;
  ended_ = !row.outcome.decoded && row.outcome.decoded.error().code == ErrorCode::kCancelled;
  if (witness_ != nullptr && !row.outcome.decoded) witness_->AddBad(item, row.outcome);
  if (!items_.Add(item, row.outcome)) return false;
  if (shape_.empty()) {
    first_ = item;
    shape_ = row.shape;
    if (auto set = writer_.Start(shape_, items_.count() - item); !set) {
      items_.Abort(std::move(set.error()));
      return false;
    }
  } else if (row.shape != shape_) {
    items_.Abort({ErrorCode::kBadArgument,
                  fmt::format("{}: would be {} where {} is {}: one tensor needs one shape; "
                              "`resize` WxH or `resize` N `crop` N gives one",
                              items_.path(item), fmt::join(row.shape, "x"), items_.path(first_),
                              fmt::join(shape_, "x")),
                  "resize"});
    return false;
  }
  slot.info = items_.row_info(item);
  if (row.patches) {
    slot.info->rows = uint64_t(row.patches->made_rows());
    slot.info->numbers = row.numbers;
  }
  slot.picture = pictures_++;
  slot.number = rows_;
  rows_ += slot.info ? slot.info->rows : 1;
  met_ += row.met;
  auto followed = writer_.Follow(slot.block());
  if (followed && witness_ != nullptr) followed = witness_->AddGood(item, row, slot.block());
  if (!followed) items_.Abort(std::move(followed.error()));
  return followed.has_value();
}

bool NormalizeStages::Write(Slot& slot) {
  auto written = writer_.Write(slot.block());
  if (!written) items_.Abort(std::move(written.error()));
  return written.has_value();
}

namespace {

// As many rows under way as keep all threads busy, and no more than half of the memory holds: the
// other half is for what is decoded.
OrderedOptions OrderOf(const RowSource& source, const RunOptions& options,
                       const RowWriter& writer) {
  constexpr uint64_t kSmall = uint64_t{1} << 20;
  OrderedOptions order{.threads = ThreadsOf(options), .ordered_writes = !writer.any_order()};
  const uint64_t row = source.row_bytes();
  if (row <= kSmall) return order;
  const uint64_t rows = MemoryBudget(options.memory).bytes() / 2 / row;
  order.slots = int(std::clamp<uint64_t>(rows, 1, uint64_t(2 * order.threads + 1)));
  order.threads = std::min(order.threads, order.slots);
  return order;
}

}  // namespace

Result<RunReport> RunRows(RunItems& items, const RowSource& source, const RunOptions& options,
                          RowWriter& writer, WrittenPrefix* written, RowWitness* witness) {
  NormalizeStages stages(items, source, writer, witness);
  const OrderedOptions order = OrderOf(source, options, writer);
  const WrittenPrefix prefix = RunOrdered(stages, items.count(), order);
  if (written != nullptr) *written = prefix;
  auto report = items.Finish();
  if (!report || stages.row_shape().empty()) return report;
  report->rows = stages.rows();
  report->values = stages.met();
  report->shape = stages.row_shape();
  report->shape.insert(report->shape.begin(), int64_t(report->rows));
  return report;
}

}  // namespace imnorm
