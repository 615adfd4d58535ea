// The one writer of .safetensors headers, and of small files that are published later.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/tensor.h"
#include "io/durable_file.h"

namespace imnorm {

// A tensor of a file, as its header names it.
struct SafetensorsPart {
  std::string_view name;
  ElementType type = ElementType::kF32;
  std::vector<int64_t> shape;
  uint64_t bytes = 0;
};

// The header's length and its JSON, for tensors whose bytes follow each other behind it.
//
// Rules:    spaces fill it to a multiple of 8 or, if that is given, to `bytes` with the length
std::string SafetensorsHeader(const std::vector<SafetensorsPart>& parts,
                              const std::vector<std::pair<std::string, std::string>>& metadata = {},
                              size_t bytes = 0);

// Writes and seals a file that was begun.
//
// Errors:   as DurableFile::Seal
Result<void> SealSafetensors(DurableFile& file,
                             const std::vector<std::pair<std::string, Tensor>>& tensors,
                             const std::map<std::string, std::string>& metadata = {});

}  // namespace imnorm
