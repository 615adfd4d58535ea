// Rows of two sides, one pair after another.
#include "pipeline/compare_stages.h"

#include "imnorm/tensor_summary.h"

namespace imnorm {

Result<RowsOfSide> RowsOfSide::Open(const ComparedSide& side, const RunOptions& options) {
  RowsOfSide rows;
  if (!side.is_tensor()) {
    auto plan = RowPlan::Create(side.plan.value_or(Plan()), options);
    if (!plan) return Failed(plan);
    rows.plan_ = std::move(*plan);
    return rows;
  }
  auto file = TensorFile::Open(side.tensor.path, side.tensor.name);
  if (!file) return Failed(file);
  const std::vector<int64_t>& shape = file->shape();
  if (shape.empty()) {
    return Fail(ErrorCode::kUnsupported, side.tensor.path + ": a tensor without axes has no rows");
  }
  const auto layout = side.plan ? std::optional(side.plan->layout) : std::nullopt;
  const std::string axes = ChannelAxisOf(shape, layout).layout;
  const bool single = axes == "chw" || axes == "hwc";  // one picture is one row
  rows.rows_ = single ? 1 : uint64_t(shape[0]);
  rows.row_shape_.assign(shape.begin() + (single ? 0 : 1), shape.end());
  rows.channels_last_ = axes == "nhwc" || axes == "hwc";
  rows.tensor_ = std::move(*file);
  rows.tensor_path_ = side.tensor.path;
  return rows;
}

std::vector<int64_t> RowsOfSide::OrderedRowShape() const {
  ComparedRow row;
  row.shape = row_shape_;
  row.channels_last = channels_last_;
  return OrderedShape(row);
}

Result<void> RowsOfSide::Read(uint64_t number, ComparedRow& row) const {
  int64_t elements = 1;
  for (const int64_t side : row_shape_) elements *= side;
  row.type = tensor_->type();
  row.shape = row_shape_;
  row.channels_last = channels_last_;
  row.elements.resize(size_t(elements) * ElementBytes(row.type));
  auto read = tensor_->Read(int64_t(number) * elements, elements, row.elements.data());
  if (!read) return Prefixed(tensor_path_, std::move(read.error()));
  return {};
}

Result<ComparedRow> RowReader::Read(uint64_t number, std::optional<uint64_t> input) {
  ComparedRow row;
  if (!maker_) {
    if (auto read = rows_.Read(number, row); !read) return Failed(read);
    return row;
  }
  const ItemOutcome outcome = maker_->Make(pictures_.inputs[size_t(*input)], row);
  if (!outcome.decoded) return Failed(outcome.decoded);
  return row;
}

bool CompareStages::Stopped() const {
  return aborted_ || (log_ != nullptr ? log_->ShouldStop() : options_.stop());
}

void CompareStages::Abort(Error error) {
  const std::lock_guard lock(mutex_);
  if (!error_) error_ = std::move(error);
  aborted_ = true;
}

Result<void> CompareStages::failure() const {
  return error_ ? Result<void>(Failed(*error_)) : Result<void>();
}

// False: the side's picture is bad.
bool CompareStages::Make(const RowsOfSide& side, std::unique_ptr<RowMaker>& maker, Slot& slot,
                         ComparedRow& row) {
  if (side.is_tensor()) return true;
  if (!maker) maker = std::make_unique<RowMaker>(side.plan());
  slot.outcome = maker->Make(log_->input(slot.input), row);
  return slot.outcome.decoded.has_value();
}

void CompareStages::Work(Worker& worker, Slot& slot, size_t item) {
  slot.input = item;
  if (log_ == nullptr) return;
  if (Make(a_, worker.a, slot, slot.a)) Make(b_, worker.b, slot, slot.b);
}

bool CompareStages::Collect(Slot& slot, size_t item) {
  slot.number = item;
  if (log_ != nullptr) {
    if (!log_->Add(item, slot.outcome)) return false;
    slot.number = rows_;
    shapes_.push_back(OrderedShape(a_.is_tensor() ? slot.b : slot.a));
    a_shapes_.Add(slot.a.shape);
    b_shapes_.Add(slot.b.shape);
  }
  ++rows_;
  // Rows that a tensor does not have are counted only.
  return (!a_.is_tensor() || slot.number < a_.tensor_rows()) &&
         (!b_.is_tensor() || slot.number < b_.tensor_rows());
}

bool CompareStages::Write(Slot& slot) {
  for (const auto& [side, row] : {std::pair(&a_, &slot.a), std::pair(&b_, &slot.b)}) {
    if (!side->is_tensor()) continue;
    if (auto read = side->Read(slot.number, *row); !read) {
      Abort(read.error());
      return false;
    }
  }
  ComparedItem item;
  UlpCounts ulp = {};
  if (OrderedShape(slot.a) == OrderedShape(slot.b)) {
    thread_local DifferenceScratch scratch;
    item.difference = CompareRows(slot.a, slot.b, tolerance_, ulp, scratch);
  } else {
    item.difference.same_shape = false;
  }
  if (log_ != nullptr) item.input = slot.input;
  const std::lock_guard lock(mutex_);
  if (items_.size() <= slot.number) items_.resize(size_t(slot.number) + 1);
  items_[size_t(slot.number)] = std::move(item);
  for (size_t i = 0; i < kUlpBins; ++i) ulp_[i] += ulp[i];
  return true;
}

}  // namespace imnorm
