// Writing a small .safetensors file that is published later.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "imnorm/tensor.h"
#include "io/durable_file.h"

namespace imnorm {

// Writes and seals a file that was begun.
//
// Errors:   as DurableFile::Seal
Result<void> SealSafetensors(DurableFile& file,
                             const std::vector<std::pair<std::string, Tensor>>& tensors,
                             const std::map<std::string, std::string>& metadata = {});

}  // namespace imnorm
