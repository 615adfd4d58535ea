// The labels and keys of a tensor's rows, kept for what stands behind the rows.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "sink/row_writer.h"

namespace imnorm {

// Rules:    keys are views: whoever hands them over keeps their texts to the end of the run
class PictureRows {
 public:
  void Follow(const RowBlock& rows) {
    for (const RowInfo& info : rows.infos) {
      labels_.push_back(info.label);
      keys_.push_back(info.key);
    }
  }
  // Those of the first rows; empty where the rows are no pictures.
  std::span<const int64_t> labels() const { return labels_; }
  std::span<const std::string_view> keys() const { return keys_; }

 private:
  std::vector<int64_t> labels_;
  std::vector<std::string_view> keys_;
};

}  // namespace imnorm
