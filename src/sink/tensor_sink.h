// One dense tensor file, its rows written in any order by any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/output.h"
#include "imnorm/values.h"
#include "io/durable_file.h"
#include "io/xxh3.h"

namespace imnorm {

// A tensor file whose first dimension is known only at the end.
//
// Shapes:   [rows][row_shape...]; row r stands at header_bytes + r * row_bytes
// Rules:    the header has one fixed length, so that rows can be written before it. Standard output
//           takes rows one after the other (in_order) and none back; what was written stays there
// Errors:   kBadArgument: bfloat16 in .npy, a format with a header for standard output
// Threads:  rows may be written and read by several threads, but for standard output
class TensorSink {
 public:
  static Result<TensorSink> Create(const std::string& path, FileFormat format, DType dtype,
                                   bool overwrite);
  // `stop`, if not 0, ends a wait for whoever reads standard output.
  static Result<TensorSink> Create(const OutputOptions& output, DType dtype,
                                   const std::atomic<int>* stop = nullptr);

  // Hashes rows as they come, in their order and each once, while they are in cache. What was not
  // hashed so is read back by Seal.
  void HashRows(uint64_t count, const void* data);

  // Fixes the shape of a row and reserves disk space for `max_rows`.
  Result<void> SetRowShape(const std::vector<int64_t>& row_shape, uint64_t max_rows);
  Result<void> WriteRows(uint64_t first, uint64_t count, const void* data);
  Result<void> WriteRow(uint64_t row, const void* data) { return WriteRows(row, 1, data); }
  Result<void> ReadRows(uint64_t first, uint64_t count, void* data) const;

  // Writes the header and brings everything to the disk, still under the partial name: after it
  // only a rename is left that could fail.
  Result<void> Seal(uint64_t rows);
  void Abandon() { file_.Abandon(); }

  // What Seal found: the whole file's bytes and XXH3 (128 bits). Not of a sink without a hash.
  uint64_t bytes() const { return bytes_; }
  const std::string& hash() const { return hash_hex_; }
  bool took_over() const { return file_.took_over(); }
  DurableFile& file() { return file_; }

  bool in_order() const { return in_order_; }
  bool has_shape() const { return !row_shape_.empty(); }
  const std::vector<int64_t>& row_shape() const { return row_shape_; }
  size_t row_bytes() const { return row_bytes_; }
  const std::string& path() const { return file_.path(); }

 private:
  std::string Header(uint64_t rows) const;
  Result<void> HashFile();

  DurableFile file_;  // closed for standard output
  bool in_order_ = false;
  uint64_t next_row_ = 0;  // of standard output
  const std::atomic<int>* stop_ = nullptr;
  FileFormat format_ = FileFormat::kNpy;
  DType dtype_ = DType::kFloat32;
  std::vector<int64_t> row_shape_;
  size_t row_bytes_ = 0;
  bool hashes_ = false;
  std::unique_ptr<Xxh3> hash_;  // of the header that `expected_rows_` rows have, and rows so far
  uint64_t expected_rows_ = 0;
  uint64_t hashed_rows_ = 0;
  uint64_t bytes_ = 0;
  std::string hash_hex_;
};

}  // namespace imnorm
