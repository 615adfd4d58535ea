// Rows of samples that are written once, in any order, and then read back as samples.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "imnorm/layers.h"
#include "io/spool.h"
#include "sink/row_writer.h"

namespace imnorm {

class RowSpool : public RowWriter, public SampleSource {
 public:
  // Errors:   as Spool::Open
  static Result<RowSpool> Open(const std::string& folder, ElementType type);

  Result<void> Start(const std::vector<int64_t>& row_shape, uint64_t most_rows) override;
  Result<void> Follow(const RowBlock& rows) override;
  Result<void> Write(const RowBlock& rows) override;
  bool any_order() const override { return true; }

  int64_t count() const override { return int64_t(infos_.size()); }
  Result<void> Read(int64_t first, int64_t count, void* out) override;

  const std::vector<int64_t>& row_shape() const { return row_shape_; }
  const std::vector<RowInfo>& infos() const { return infos_; }  // one a row

 private:
  RowSpool(Spool file, ElementType type) : file_(std::move(file)), row_bytes_(ElementBytes(type)) {}

  Spool file_;
  uint64_t row_bytes_;
  std::vector<int64_t> row_shape_;
  std::vector<RowInfo> infos_;
};

}  // namespace imnorm
