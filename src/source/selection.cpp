// Extensions that are wanted, with one spelling for those that mean the same.
#include "source/selection.h"

#include <algorithm>

#include "io/path_ending.h"

namespace imnorm {
namespace {

std::string_view CanonicalExtension(std::string_view extension) {
  if (extension == "jpeg" || extension == "jpe") return "jpg";
  if (extension == "tiff") return "tif";
  return extension;
}

}  // namespace

bool IsSelectedName(std::string_view name, const InputOptions& options) {
  if (options.extensions.empty()) return true;
  const std::string extension = LowerExtension(name);
  return std::any_of(options.extensions.begin(), options.extensions.end(), [&](const auto& wanted) {
    return CanonicalExtension(wanted) == CanonicalExtension(extension);
  });
}

}  // namespace imnorm
