// Rows of samples in a temporary file.
#include "pipeline/row_spool.h"

namespace imnorm {

Result<RowSpool> RowSpool::Open(const std::string& folder, ElementType type) {
  auto file = Spool::Open(folder);
  if (!file) return Failed(file);
  return RowSpool(std::move(*file), type);
}

Result<void> RowSpool::Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) {
  row_shape_ = row_shape;
  for (const int64_t side : row_shape) row_bytes_ *= uint64_t(side);
  return file_.Reserve(most_rows * row_bytes_);
}

Result<void> RowSpool::Follow(const RowBlock& rows) {
  for (uint64_t i = 0; i < rows.count; ++i) infos_.push_back(rows.info(rows.first + i));
  return {};
}

Result<void> RowSpool::Write(const RowBlock& rows) {
  return file_.WriteAt(rows.first * row_bytes_, rows.data, rows.count * row_bytes_);
}

Result<void> RowSpool::Read(int64_t first, int64_t count, void* out) {
  return file_.ReadAt(uint64_t(first) * row_bytes_, out, uint64_t(count) * row_bytes_);
}

}  // namespace imnorm
