// Two tensors of one file are two inputs: their shards must not be taken for one run's.
#include "pipeline/tensor_hash.h"

namespace imnorm {

std::string TensorHash(const TensorSource& source) {
  InputList list;
  list.inputs.resize(1);
  list.inputs.front().path = source.name.empty() ? source.path : source.path + ":" + source.name;
  return list.Hash();
}

}  // namespace imnorm
