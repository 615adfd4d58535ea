// From what is asked for to what a run reads.
#include <utility>

#include "imnorm/source.h"
#include "io/path_ending.h"

namespace imnorm {

bool IsTensorPath(const std::string& path) {
  return HasEnding(path, ".npy") || HasEnding(path, ".npz") || HasEnding(path, ".safetensors");
}

const InputList& Source::list() const {
  static const InputList kNone;
  const auto* listed = std::get_if<InputList>(&items);
  return listed == nullptr ? kNone : *listed;
}

Result<Source> OpenSource(const SourceOptions& options) {
  if (options.is_tensor()) return Source{options.tensor, options.shard};
  auto list = ListInputs(options.inputs);
  if (!list) return Failed(list);
  return Source{std::move(*list), options.shard};
}

Result<Source> OpenPaths(std::vector<std::string> paths) {
  SourceOptions options;
  if (paths.size() == 1 && IsTensorPath(paths.front())) {
    options.tensor.path = std::move(paths.front());
  } else {
    options.inputs.inputs = std::move(paths);
  }
  return OpenSource(options);
}

}  // namespace imnorm
