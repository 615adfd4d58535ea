// Reads gamma and beta and holds them against the layer's shape.
#include "normalize/layers/affine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "normalize/layers/state_file.h"
#include "tensor/tensor_layout.h"

namespace imnorm {
namespace {

template <typename Stored, typename Convert>
std::vector<float> Converted(const Tensor& tensor, Convert convert) {
  std::vector<float> values(size_t(tensor.elements()));
  for (size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, tensor.bytes.data() + i * sizeof stored, sizeof stored);
    values[i] = convert(stored);
  }
  return values;
}

// The first of a file's names: a model's state has hundreds.
std::string NamesOf(const std::map<std::string, Tensor>& tensors) {
  constexpr size_t kListed = 8;
  std::string list;
  size_t listed = 0;
  for (const auto& [name, tensor] : tensors) {
    if (listed == kListed) return list + ", ...";
    list += fmt::format("{}{}", listed++ == 0 ? "" : ", ", name);
  }
  return list.empty() ? "none" : list;
}

Result<void> FromTensors(const std::map<std::string, Tensor>& tensors, Affine& affine) {
  auto gamma = FloatsOf(tensors, "weight", affine.shape);
  if (!gamma) return Failed(gamma);
  auto beta = FloatsOf(tensors, "bias", affine.shape);
  if (!beta) return Failed(beta);
  affine.gamma = std::move(*gamma);
  affine.beta = std::move(*beta);
  affine.given = true;
  return {};
}

// One value a channel, spread over the elements where the layer has a value for each. float32
// from here on, so that a saved state gives the same bytes.
Result<std::vector<float>> FromList(const char* setting, const std::vector<double>& list,
                                    double absent, const LayerJob& job, size_t elements) {
  const size_t channels = size_t(job.sample_shape[0]);
  if (!list.empty() && list.size() != channels) {
    return Blame(setting, fmt::format("`{}` has shape [{}], the channels have shape [{}]", setting,
                                      list.size(), channels));
  }
  std::vector<float> values(elements, float(absent));
  if (list.empty()) return values;
  for (const double value : list) {
    if (!std::isfinite(float(value))) {
      return Blame(setting, fmt::format("`{}` {} is not a float32", setting, value));
    }
  }
  const size_t each = elements / channels;
  for (size_t i = 0; i < elements; ++i) values[i] = float(list[i / each]);
  return values;
}

}  // namespace

Result<std::vector<float>> FloatsOf(const std::map<std::string, Tensor>& tensors,
                                    const std::string& name, const std::vector<int64_t>& wanted) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) {
    const bool prefixed = std::ranges::any_of(
        tensors, [&](const auto& entry) { return entry.first.ends_with("." + name); });
    return Blame("layer.state_prefix",
                 fmt::format("it holds no tensor \"{}\", only: {}{}", name, NamesOf(tensors),
                             prefixed ? "; `layer.state_prefix` says which layer's are meant" : ""),
                 ErrorCode::kBadConfig);
  }
  const Tensor& tensor = found->second;
  if (tensor.shape != wanted) {
    return Fail(ErrorCode::kBadConfig, fmt::format("{} has shape {}, the layer needs {}", name,
                                                   ShapeText(tensor.shape), ShapeText(wanted)));
  }
  switch (tensor.type) {
    case ElementType::kF32:
      return Converted<float>(tensor, [](float x) { return x; });
    case ElementType::kF64:
      return Converted<double>(tensor, [](double x) { return float(x); });
    case ElementType::kF16:
      return Converted<uint16_t>(tensor, FloatFromFloat16Bits);
    case ElementType::kBF16:
      return Converted<uint16_t>(tensor, FloatFromBFloat16Bits);
    default:
      return Fail(ErrorCode::kBadConfig, fmt::format("{} is {}, floating point is needed", name,
                                                     ElementTypeName(tensor.type)));
  }
}

Result<Affine> LoadAffine(const LayerJob& job, const std::map<std::string, Tensor>& state) {
  Affine affine;
  const bool listed = !job.layer.gamma.empty() || !job.layer.beta.empty();
  const bool in_file = !job.layer.affine_file.empty();
  const bool in_state = state.count("weight") + state.count("bias") > 0;
  if (int(listed) + int(in_file) + int(in_state) > 1) {
    return Blame("layer.affine_file",
                 in_state
                     ? "the state has weight and bias; drop `layer.affine_file`, `layer.gamma` and "
                       "`layer.beta`"
                     : "`layer.affine_file` and `layer.gamma`/`layer.beta` exclude each other");
  }
  affine.per_element = job.method == Method::kLayer;
  affine.shape = job.sample_shape;
  if (!affine.per_element) affine.shape.resize(1);
  if (in_state) {
    auto done = FromTensors(state, affine);
    if (!done) return Prefixed(job.layer.state_in, done.error());
  } else if (in_file) {
    const auto tensors = ReadLayerTensors(job.layer.affine_file, job.layer.state_prefix);
    if (!tensors) return Failed(tensors);
    auto done = FromTensors(*tensors, affine);
    if (!done) return Prefixed(job.layer.affine_file, done.error());
  } else if (listed) {
    size_t elements = 1;
    for (const int64_t side : affine.shape) elements *= size_t(side);
    auto gamma = FromList("layer.gamma", job.layer.gamma, 1.0, job, elements);
    if (!gamma) return Failed(gamma);
    auto beta = FromList("layer.beta", job.layer.beta, 0.0, job, elements);
    if (!beta) return Failed(beta);
    affine.gamma = std::move(*gamma);
    affine.beta = std::move(*beta);
    affine.given = true;
  }
  return affine;
}

Tensor FloatTensor(const std::vector<float>& values, const std::vector<int64_t>& shape) {
  Tensor tensor{ElementType::kF32, shape, {}};
  tensor.bytes.resize(values.size() * sizeof(float));
  std::memcpy(tensor.bytes.data(), values.data(), tensor.bytes.size());
  return tensor;
}

}  // namespace imnorm
