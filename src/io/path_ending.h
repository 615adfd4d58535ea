// The ending of a path, whatever its case: X.NPY is an .npy.
#pragma once

#include <algorithm>
#include <string_view>

namespace imnorm {

// Whether `path` ends in `ending`, which is lower case.
inline bool HasEnding(std::string_view path, std::string_view ending) {
  return path.size() >= ending.size() &&
         std::equal(ending.begin(), ending.end(), path.end() - ptrdiff_t(ending.size()),
                    [](char wanted, char c) {
                      return wanted == (c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c);
                    });
}

}  // namespace imnorm
