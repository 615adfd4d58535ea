// The C interface to batch, layer, instance and group normalisation.
#include "imnorm/layers.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "c_api/guard.h"
#include "imnorm/element_type.h"
#include "imnorm/run.h"
#include "imnorm/words.h"

using imnorm::ElementType;
using imnorm::LayerJob;
using imnorm::LayerNormalizer;
using imnorm::Method;
using imnorm::Moments;
using imnorm::Result;
using imnorm::Tensor;
using imnorm::c_api::Guarded;
using imnorm::c_api::IsSized;
using imnorm::c_api::Refuse;
using imnorm::c_api::RefuseUnsized;

namespace {

using State = std::map<std::string, Tensor>;

// The layer as far as its caller knows it; the rest is 0.
imnorm_layer KnownOf(const imnorm_layer* layer) {
  imnorm_layer known = {};
  std::memcpy(&known, layer, std::min(layer->struct_size, sizeof known));
  return known;
}

size_t ElementsOf(const std::vector<int64_t>& shape) {
  size_t elements = 1;
  for (const int64_t side : shape) elements *= size_t(side);
  return elements;
}

template <typename T>
Tensor TensorOf(ElementType type, const T* values, std::vector<int64_t> shape) {
  Tensor tensor{type, std::move(shape), {}};
  tensor.bytes.resize(ElementsOf(tensor.shape) * sizeof(T));
  std::memcpy(tensor.bytes.data(), values, tensor.bytes.size());
  return tensor;
}

// Of this shape, or `absent` everywhere.
Tensor FloatsOf(const float* values, float absent, const std::vector<int64_t>& shape) {
  if (values != nullptr) return TensorOf(ElementType::kF32, values, shape);
  const std::vector<float> same(ElementsOf(shape), absent);
  return TensorOf(ElementType::kF32, same.data(), shape);
}

bool Tracks(const imnorm_layer& layer) { return layer.running_mean != nullptr; }

// Without running statistics a layer a channel has its parameters as lists: a state would bring
// some.
void SetParameters(const imnorm_layer& layer, LayerJob& job) {
  const bool affine = layer.weight != nullptr || layer.bias != nullptr;
  const size_t channels = size_t(job.sample_shape[0]);
  const bool by_element = job.method == Method::kLayer;
  if (affine && !by_element && !Tracks(layer)) {
    if (layer.weight != nullptr) job.layer.gamma.assign(layer.weight, layer.weight + channels);
    if (layer.bias != nullptr) job.layer.beta.assign(layer.bias, layer.bias + channels);
    return;
  }
  State state;
  if (affine) {
    std::vector<int64_t> shape = job.sample_shape;
    if (!by_element) shape.resize(1);
    state["weight"] = FloatsOf(layer.weight, 1.0f, shape);
    state["bias"] = FloatsOf(layer.bias, 0.0f, shape);
  }
  if (Tracks(layer)) {
    const int64_t size = job.sample_shape[0];
    state["running_mean"] = TensorOf(ElementType::kF32, layer.running_mean, {size});
    state["running_var"] = TensorOf(ElementType::kF32, layer.running_var, {size});
    state["num_batches_tracked"] = TensorOf(ElementType::kI64, layer.num_batches_tracked, {});
  }
  if (state.empty()) return;
  job.state = std::move(state);
  job.layer.state_in = "the layer's state";
}

Result<void> CheckPointers(const imnorm_layer& layer, Method method) {
  const bool by_channel = method == Method::kBatch || method == Method::kInstance;
  const int given = int(layer.running_mean != nullptr) + int(layer.running_var != nullptr) +
                    int(layer.num_batches_tracked != nullptr);
  const char* problem = nullptr;
  if (given != 0 && given != 3) problem = "running statistics are given as all three or none";
  if (given != 0 && !by_channel) problem = "only batch and instance have running statistics";
  if (layer.eval != 0 && given == 0) problem = "`eval` normalises by running statistics: give them";
  if (problem == nullptr) return {};
  return imnorm::Fail(imnorm::ErrorCode::kBadArgument, problem);
}

// A shape that has elements and can be counted, so that parameters can be read by it.
Result<void> CheckShape(const imnorm_layer& layer) {
  double bytes = sizeof(double);
  for (size_t i = 0; i < layer.sample_axes; ++i) bytes *= double(layer.sample_shape[i]);
  const bool positive = std::all_of(layer.sample_shape, layer.sample_shape + layer.sample_axes,
                                    [](int64_t side) { return side > 0; });
  if (layer.sample_axes >= 1 && layer.sample_axes <= 3 && positive && bytes < 0x1p62) return {};
  return imnorm::Fail(imnorm::ErrorCode::kBadArgument,
                      "a sample's shape is [C], [C, L] or [C, H, W], none of them 0");
}

// Samples may be of any type, unlike results.
Result<ElementType> InputOf(const std::string& word) {
  std::vector<std::string> known;
  for (const imnorm::ElementTypeRow& row : imnorm::kElementTypes) {
    if (row.word == word) return row.type;
    known.emplace_back(row.word);
  }
  return imnorm::Fail(imnorm::ErrorCode::kBadArgument, imnorm::UnknownWord("input", word, known));
}

Result<LayerJob> JobOf(const imnorm_layer& layer) {
  LayerJob job;
  const auto method = imnorm::ParseWord<Method>("method", layer.method);
  if (!method) return imnorm::Failed(method);
  const auto input = InputOf(layer.input);
  if (!input) return imnorm::Failed(input);
  const auto dtype = imnorm::ParseWord<ElementType>("dtype", layer.dtype);
  if (!dtype) return imnorm::Failed(dtype);
  auto checked = CheckShape(layer);
  if (checked) checked = CheckPointers(layer, *method);
  if (!checked) return imnorm::Failed(checked);
  job.method = *method;
  job.input = *input;
  job.dtype = *dtype;
  job.scale = layer.scale;
  job.sample_shape.assign(layer.sample_shape, layer.sample_shape + layer.sample_axes);
  job.layer.eps = layer.eps;
  job.layer.groups = *method == Method::kGroup ? layer.groups : 1;
  job.layer.eval = layer.eval != 0;
  if (layer.momentum < 0) {
    job.layer.momentum.reset();
  } else {
    job.layer.momentum = layer.momentum;
  }
  job.threads = layer.threads > 0 ? layer.threads : imnorm::UsableCpus();
  SetParameters(layer, job);
  return job;
}

void TakeState(const LayerNormalizer& normalizer, const imnorm_layer& layer) {
  for (const auto& [name, tensor] : normalizer.State()) {
    void* to = name == "running_mean"          ? static_cast<void*>(layer.running_mean)
               : name == "running_var"         ? static_cast<void*>(layer.running_var)
               : name == "num_batches_tracked" ? static_cast<void*>(layer.num_batches_tracked)
                                               : nullptr;
    if (to != nullptr) std::memcpy(to, tensor.bytes.data(), tensor.bytes.size());
  }
}

}  // namespace

extern "C" imnorm_code imnorm_layer_normalize(const imnorm_layer* layer, const void* samples,
                                              int64_t count, void* out) {
  return Guarded([&] {
    if (!IsSized(layer)) return RefuseUnsized();
    const imnorm_layer known = KnownOf(layer);
    if (known.method == nullptr || known.sample_shape == nullptr || known.input == nullptr ||
        known.dtype == nullptr || count < 0) {
      return Refuse(IMNORM_BAD_ARGUMENT, "a layer needs a method, a sample's shape and two types");
    }
    const auto job = JobOf(known);
    if (!job) return Refuse(job.error());
    auto normalizer = LayerNormalizer::Create(*job);
    if (!normalizer) return Refuse(normalizer.error());
    const bool nothing = count == 0 && !normalizer->over_batch();
    if (nothing) return IMNORM_OK;
    if (auto checked = normalizer->CheckBatch(count); !checked) return Refuse(checked.error());
    const int64_t sets =
        normalizer->over_batch() ? normalizer->channels() : count * int64_t(normalizer->sets());
    std::vector<Moments> moments(normalizer->needs_moments() ? size_t(sets) : 0);
    normalizer->Normalize(samples, count, out, moments.empty() ? nullptr : moments.data());
    if (Tracks(known) && known.eval == 0) {
      normalizer->Track(moments.data(), normalizer->over_batch() ? 1 : count);
      normalizer->EndBatch();
      TakeState(*normalizer, known);
    }
    return IMNORM_OK;
  });
}
