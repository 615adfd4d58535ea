// Opening a tensor file and telling its kind by content.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "imnorm/error.h"
#include "io/descriptor.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

enum class TensorFormat { kNpy, kNpz, kSafetensors };

struct OpenedTensors {
  Descriptor fd;
  uint64_t bytes = 0;
  TensorFormat format = TensorFormat::kNpy;
};

// Errors:   those of OpenRegular; kUnsupported: none of the formats
Result<OpenedTensors> OpenTensors(const std::string& path);

// Reads exactly `bytes` bytes at `offset`.
//
// Errors:   kIo; kCorrupt where the file ends first
Result<void> ReadAt(int fd, uint64_t offset, void* out, size_t bytes);

// The tensors of an opened .npy (one, nameless) or .safetensors file, offsets from its start.
Result<std::vector<SafetensorsEntry>> ListTensors(const OpenedTensors& file);

// What stands beside the tensors of an opened .safetensors file.
Result<std::map<std::string, std::string>> ReadMetadata(const OpenedTensors& file);

}  // namespace imnorm
