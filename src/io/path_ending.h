// The ending of a path, whatever its case: X.NPY is an .npy.
#pragma once

#include <algorithm>
#include <string>
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

// What follows the last dot of a path's last part, in lower case; "" without a dot.
inline std::string LowerExtension(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || path.find('/', dot) != std::string_view::npos) return "";
  std::string extension(path.substr(dot + 1));
  for (char& c : extension) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return extension;
}

}  // namespace imnorm
