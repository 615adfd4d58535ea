// A layer's learnt parameters, from files, lists or a state.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "imnorm/layers.h"

namespace imnorm {

// weight and bias. Layer normalisation has one of each for every element of a sample, the others
// one a channel.
struct Affine {
  bool given = false;
  bool per_element = false;
  std::vector<int64_t> shape;
  std::vector<float> gamma;
  std::vector<float> beta;
};

// A floating-point tensor as float32.
//
// Errors:   kBadConfig: missing, another shape than `wanted` (both named), or no floats
Result<std::vector<float>> FloatsOf(const std::map<std::string, Tensor>& tensors,
                                    const std::string& name, const std::vector<int64_t>& wanted);

// The affine parameters that a job asks for; `state` holds those of layer.state_in.
//
// Errors:   kBadArgument: given twice, lists of the wrong length; kBadConfig: see FloatsOf
Result<Affine> LoadAffine(const LayerJob& job, const std::map<std::string, Tensor>& state);

// A float32 tensor.
Tensor FloatTensor(const std::vector<float>& values, const std::vector<int64_t>& shape);

}  // namespace imnorm
