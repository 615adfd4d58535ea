// Two tensors of one file, or two readings of one, are two inputs: their shards must not be taken
// for one run's.
#include "pipeline/tensor_hash.h"

namespace imnorm {

std::string TensorHash(const TensorSource& source) {
  InputList list;
  list.inputs.resize(1);
  std::string& path = list.inputs.front().path;
  path = source.name.empty() ? source.path : source.path + ":" + source.name;
  if (!source.layout.empty()) path += ":" + source.layout;
  return list.Hash();
}

}  // namespace imnorm
