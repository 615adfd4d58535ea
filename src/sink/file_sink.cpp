// Rows at their places in one file, and the hash of it all.
#include "sink/file_sink.h"

#include <algorithm>
#include <cassert>

namespace imnorm {

Result<void> FileSink::Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) {
  row_shape_ = row_shape;
  row_bytes_ = ElementBytes(dtype_);
  for (const int64_t side : row_shape) row_bytes_ *= uint64_t(side);
  hash_ = std::make_unique<Xxh3>();
  const uint64_t rows = packed_ ? 0 : most_rows;
  foreseen_ = Header(rows);
  assert(foreseen_.size() == header_bytes_);
  hash_->Update(foreseen_.data(), foreseen_.size());
  return file_.Reserve(header_bytes_ + rows * row_bytes_);
}

Result<void> FileSink::Follow(const RowBlock& rows) {
  hash_->Update(rows.data, rows.count * row_bytes_);
  return {};
}

Result<void> FileSink::Write(const RowBlock& rows) {
  if (rows.stands) return {};
  return file_.WriteAt(header_bytes_ + rows.first * row_bytes_, rows.data, rows.count * row_bytes_);
}

Result<void> FileSink::Append(const void* data, size_t size) {
  hash_->Update(data, size);
  const uint64_t at = bytes_;
  bytes_ += size;
  return file_.WriteAt(at, data, size);
}

std::vector<int64_t> FileSink::Shape(uint64_t rows) const {
  std::vector<int64_t> shape = {int64_t(rows)};
  shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
  return shape;
}

Result<void> FileSink::HashFile() {
  constexpr size_t kPiece = size_t{1} << 20;
  std::vector<uint8_t> piece(kPiece);
  Xxh3 hash;
  for (uint64_t at = 0; at < bytes_; at += kPiece) {
    const size_t size = size_t(std::min<uint64_t>(kPiece, bytes_ - at));
    if (auto read = file_.ReadAt(at, piece.data(), size); !read) return read;
    hash.Update(piece.data(), size);
  }
  hash_hex_ = hash.Hex();
  return {};
}

Result<void> FileSink::Seal(uint64_t rows) {
  bytes_ = header_bytes_ + rows * row_bytes_;
  if (auto tail = WriteTail(rows); !tail) return tail;
  const std::string header = Header(rows);
  assert(header.size() == header_bytes_);
  if (auto written = file_.WriteAt(0, header.data(), header.size()); !written) return written;
  hash_hex_ = hash_->Hex();
  if (header != foreseen_) {
    if (auto read = HashFile(); !read) return read;
  }
  return file_.Seal(bytes_);
}

}  // namespace imnorm
