// What a run knows of a tensor before the first of its rows.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace imnorm {

struct TensorFacts {
  std::vector<std::string> classes;  // their names by number; empty: rows have no labels
  // What formats with a place for it say of the whole: plan, hashes.
  std::vector<std::pair<std::string, std::string>> metadata;
  uint64_t first_row = 0;  // of a shard, in the whole
  // Hashes of the sample names that several inputs of the whole list would have, sorted.
  std::vector<uint64_t> shared_names;
};

}  // namespace imnorm
