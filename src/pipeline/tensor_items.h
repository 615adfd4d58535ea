// The samples of a tensor as the items of a run: what is wrong with one is wrong with the tensor.
#pragma once

#include <cstdint>
#include <string>

#include "imnorm/inputs.h"
#include "imnorm/tensor.h"
#include "pipeline/run_items.h"

namespace imnorm {

class TensorItems : public RunItems {
 public:
  // Samples [range) of the `samples` of `file`, which is the tensor of `source`; `source` outlives
  // it.
  TensorItems(const TensorSource& source, const TensorFile& file, uint64_t samples,
              ShardRange range, const RunOptions& options);

  size_t count() const override { return range_.end - range_.begin; }
  const std::string& path(size_t) const override { return source_.path; }
  uint64_t index(size_t item) const override { return range_.begin + item; }
  std::string_view class_name(size_t) const override { return {}; }
  std::optional<RowInfo> row_info(size_t) const override { return std::nullopt; }

  // Ends the run with the error of a bad one.
  bool Add(size_t item, ItemOutcome& outcome) override;

 private:
  RunReport Report() override;

  const TensorSource& source_;
  const std::vector<int64_t> shape_;
  const uint64_t list_size_;
  const ShardRange range_;
};

}  // namespace imnorm
