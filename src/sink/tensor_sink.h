// One dense tensor file, its rows written in any order by any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/output.h"
#include "imnorm/values.h"
#include "io/durable_file.h"

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

  // Fixes the shape of a row and reserves disk space for `max_rows`.
  Result<void> SetRowShape(const std::vector<int64_t>& row_shape, uint64_t max_rows);
  Result<void> WriteRows(uint64_t first, uint64_t count, const void* data);
  Result<void> WriteRow(uint64_t row, const void* data) { return WriteRows(row, 1, data); }
  Result<void> ReadRows(uint64_t first, uint64_t count, void* data) const;

  // Writes the header and brings everything to the disk, still under the partial name: after it
  // only a rename is left that could fail.
  Result<void> Seal(uint64_t rows);
  // Puts what was sealed under its name.
  Result<void> Publish() { return in_order_ ? Result<void>() : file_.Publish(); }
  void Abandon() { file_.Abandon(); }

  bool in_order() const { return in_order_; }
  bool has_shape() const { return !row_shape_.empty(); }
  const std::vector<int64_t>& row_shape() const { return row_shape_; }
  size_t row_bytes() const { return row_bytes_; }
  const std::string& path() const { return file_.path(); }

 private:
  DurableFile file_;  // closed for standard output
  bool in_order_ = false;
  uint64_t next_row_ = 0;  // of standard output
  const std::atomic<int>* stop_ = nullptr;
  FileFormat format_ = FileFormat::kNpy;
  DType dtype_ = DType::kFloat32;
  std::vector<int64_t> row_shape_;
  size_t row_bytes_ = 0;
};

}  // namespace imnorm
