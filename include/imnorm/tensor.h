// Tensor files and buffers: .npy, .safetensors and .npz, read and written.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "imnorm/element_type.h"
#include "imnorm/error.h"

namespace imnorm {

// A small tensor in memory: layer states, affine parameters.
struct Tensor {
  ElementType type = ElementType::kF32;
  std::vector<int64_t> shape;
  std::vector<uint8_t> bytes;  // dense, C order, little-endian
  int64_t elements() const;
};

// A large tensor in a file, read piece by piece.
//
// Rules:    read with pread, never mapped; an .npy in Fortran order is held in memory
// Errors:   kNotFound, kIo; kCorrupt (truncated, offsets with holes or overlaps, an absurd header);
//           kUnsupported (dtype, more than one tensor and no name given, more
//           than 1 GiB in Fortran order), each with what would help
class TensorFile {
 public:
  static Result<TensorFile> Open(const std::string& path, const std::string& tensor_name = "");
  ElementType type() const { return type_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  int64_t elements() const;

  // Reads elements [first, first + count) into `out`, in C order and little-endian.
  Result<void> Read(int64_t first, int64_t count, void* out) const;

 private:
  struct Handle;
  std::shared_ptr<Handle> handle_;
  ElementType type_ = ElementType::kF32;
  std::vector<int64_t> shape_;
  uint64_t offset_ = 0;
};

// Reads or writes a small set of named tensors. The writer goes through a temporary file, fsync and
// rename; .safetensors only.
Result<std::map<std::string, Tensor>> ReadTensors(const std::string& path);  // .safetensors, .npz
Result<void> WriteSafetensors(const std::string& path,
                              const std::vector<std::pair<std::string, Tensor>>& tensors,
                              const std::map<std::string, std::string>& metadata = {});

// The dtype of little-endian elements, "<f4" or "|u1"; "" where numpy has none.
std::string NpyDescr(ElementType type);

// The .npy 1.0 header of a C-order tensor: magic, version, dict, padded so that data starts at a
// multiple of 64 bytes. `reserve` bytes at least are taken, so that a longer shape fits later.
//
// Source:   numpy/lib/format.py; reference.md section 10
std::string NpyHeader(const std::string& descr, const std::vector<int64_t>& shape,
                      size_t reserve = 0);

}  // namespace imnorm
