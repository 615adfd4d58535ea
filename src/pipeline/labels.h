// Class labels: the first folder of a picture's key, as a number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/inputs.h"

namespace imnorm {

// Rules:    classes are numbered in the byte-wise order of their names, over the whole list, so
//           that shards agree; an absolute path has none. A folder in which nothing is a picture,
//           by name or content, is none
class Labels {
 public:
  Labels() = default;
  explicit Labels(const InputList& list);

  int64_t Of(const Input& input) const;  // -1: it has none
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;  // sorted
};

}  // namespace imnorm
