// What a run knows of a tensor before the first of its rows.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sink/derived_arrays.h"

namespace imnorm {

// What an output of pictures that have several rows each, or more than rows, is called, and what
// stands beside it.
struct PackedFacts {
  struct Numbers {
    std::string name;  // empty: only other arrays are made of them
    int count = 1;     // a picture; all together at most as many as RowInfo has
  };
  std::string tensor;
  std::vector<Numbers> numbers;
  std::vector<DerivedArray> derived = {};
  bool optional = false;  // a format without a place for it leaves all but the rows out

  // The arrays that stand beside the rows.
  size_t arrays() const { return numbers.size() + derived.size(); }
};

// The shape of an array of so many numbers a picture.
inline std::vector<int64_t> PicturesShape(size_t pictures, int count) {
  if (count == 1) return {int64_t(pictures)};
  return {int64_t(pictures), count};
}

struct TensorFacts {
  std::vector<std::string> classes;  // their names by number; empty: rows have no labels
  // What formats with a place for it say of the whole: plan, hashes.
  std::vector<std::pair<std::string, std::string>> metadata;
  uint64_t first_row = 0;             // of a shard, in the whole
  std::optional<PackedFacts> packed;  // none: a row a picture
  // Hashes of the sample names that several inputs of the whole list would have, sorted.
  std::vector<uint64_t> shared_names;
};

}  // namespace imnorm
