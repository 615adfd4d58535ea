// Folders that hold pictures -> numbered classes.
#include "pipeline/labels.h"

#include <algorithm>
#include <map>

#include "pipeline/picture_input.h"

namespace imnorm {
namespace {

// "" where there is none: a path that begins outside the INPUT says where it is, not what it shows.
std::string_view ClassOf(const Input& input) {
  std::string_view key = input.key();
  while (key.starts_with("./")) key.remove_prefix(2);
  const size_t slash = key.find('/');
  const std::string_view folder = slash == std::string_view::npos ? "" : key.substr(0, slash);
  return folder == ".." ? "" : folder;
}

}  // namespace

Labels::Labels(const InputList& list) {
  // Whether a folder is known to hold a picture, without reading any.
  std::map<std::string_view, bool> folders;
  for (const Input& input : list.inputs) {
    if (const std::string_view folder = ClassOf(input); !folder.empty()) {
      folders[folder] |= input.named || input.expected;
    }
  }
  // Only of the others the contents are asked, and only until one of them is a picture.
  PictureWorker worker;
  for (const Input& input : list.inputs) {
    const auto found = folders.find(ClassOf(input));
    if (found == folders.end() || found->second) continue;
    found->second = !IsPassedOver(input, worker);
  }
  for (const auto& [folder, holds] : folders) {
    if (holds) names_.emplace_back(folder);
  }
}

int64_t Labels::Of(const Input& input) const {
  const std::string_view folder = ClassOf(input);
  const auto found = std::ranges::lower_bound(names_, folder);
  return found == names_.end() || *found != folder ? -1 : found - names_.begin();
}

}  // namespace imnorm
