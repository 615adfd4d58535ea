// One layer's tensors in a file, by the prefix that a model gives their names.
#pragma once

#include <map>
#include <string>

#include "imnorm/tensor.h"

namespace imnorm {

// The tensors of a .safetensors or .npz file whose names begin with `prefix`, without it.
//
// Errors:   those of ReadTensors; kBadConfig: no name begins so, the layers that there are named
Result<std::map<std::string, Tensor>> ReadLayerTensors(const std::string& path,
                                                       const std::string& prefix);

}  // namespace imnorm
