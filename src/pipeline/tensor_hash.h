// The hash that tells which tensor a run was over.
#pragma once

#include <string>

#include "imnorm/run.h"

namespace imnorm {

// As of a list whose one entry is the path, and the tensor's name where one is given.
std::string TensorHash(const TensorSource& source);

}  // namespace imnorm
