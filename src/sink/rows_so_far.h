// The labels and keys of a tensor's rows, and the numbers of packed ones, kept for what stands
// behind the rows.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sink/row_writer.h"

namespace imnorm {

// Rules:    keys are views: whoever hands them over keeps their texts to the end of the run
class RowsSoFar {
 public:
  void Follow(const RowBlock& rows) {
    for (const RowInfo& info : rows.infos) {
      labels_.push_back(info.label);
      keys_.push_back(info.key);
    }
  }
  // Of those that are packed, one a block.
  void FollowPacked(const RowBlock& rows) {
    Follow(rows);
    counts_.push_back(rows.count);
    numbers_.push_back(rows.infos.front().numbers);
  }
  std::span<const uint64_t> counts() const { return counts_; }
  std::span<const std::array<int64_t, 4>> numbers() const { return numbers_; }
  // `count` numbers of each picture from its number `first` on.
  std::vector<int64_t> Numbers(size_t first, size_t count) const {
    std::vector<int64_t> numbers;
    numbers.reserve(numbers_.size() * count);
    for (const auto& of : numbers_) {
      numbers.insert(numbers.end(), of.begin() + ptrdiff_t(first),
                     of.begin() + ptrdiff_t(first + count));
    }
    return numbers;
  }

  // Those of the first rows; empty where the rows are no pictures.
  std::span<const int64_t> labels() const { return labels_; }
  std::span<const std::string_view> keys() const { return keys_; }

 private:
  std::vector<int64_t> labels_;
  std::vector<std::string_view> keys_;
  std::vector<uint64_t> counts_;
  std::vector<std::array<int64_t, 4>> numbers_;
};

}  // namespace imnorm
