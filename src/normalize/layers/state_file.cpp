// The tensors of one layer out of a file that may be a whole model's.
#include "normalize/layers/state_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

namespace imnorm {
namespace {

// "bn1." of "bn1.running_mean": the layers that a file has, as far as they fit a message.
std::string LayersOf(const std::map<std::string, Tensor>& tensors) {
  constexpr size_t kListed = 8;
  std::set<std::string> layers;
  for (const auto& [name, tensor] : tensors) {
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) layers.insert(name.substr(0, dot + 1));
    if (layers.size() > kListed) break;
  }
  if (layers.empty()) return "no layer's";
  const bool more = layers.size() > kListed;
  if (more) layers.erase(std::prev(layers.end()));
  return fmt::format("{}{}", fmt::join(layers, ", "), more ? ", ..." : "");
}

}  // namespace

Result<std::map<std::string, Tensor>> ReadLayerTensors(const std::string& path,
                                                       const std::string& prefix) {
  auto tensors = ReadTensors(path);
  if (!tensors || prefix.empty()) return tensors;
  std::map<std::string, Tensor> own;
  for (auto& [name, tensor] : *tensors) {
    if (name.starts_with(prefix)) own.emplace(name.substr(prefix.size()), std::move(tensor));
  }
  if (own.empty()) {
    return Blame("layer.state_prefix",
                 fmt::format("{}: no name in it begins with `layer.state_prefix` {}, but with {}",
                             path, prefix, LayersOf(*tensors)),
                 ErrorCode::kBadConfig);
  }
  return own;
}

}  // namespace imnorm
