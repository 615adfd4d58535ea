// Keys of inputs -> names of samples.
#include "sink/sample_name.h"

#include <algorithm>

namespace imnorm {

std::string SampleName(std::string_view key) {
  std::string name;
  while (!key.empty()) {
    const size_t end = std::min(key.find('/'), key.size());
    std::string part(key.substr(0, end));
    key.remove_prefix(std::min(end + 1, key.size()));
    const bool last = key.empty();
    if (!last && (part.empty() || part == "." || part == "..")) continue;
    if (last) {
      const size_t dot = part.rfind('.');
      if (dot != std::string::npos && dot > 0) part.resize(dot);
      std::ranges::replace(part, '.', '_');
    }
    if (!name.empty()) name += '/';
    name += part;
  }
  return name.empty() ? "_" : name;
}

}  // namespace imnorm
