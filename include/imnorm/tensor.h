// Tensor files and buffers: .npy, .safetensors and .npz, read and written.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
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

  // A file of elements alone, in C order and little-endian.
  //
  // Errors:   kBadArgument: the shape takes another number of bytes than the file has
  static Result<TensorFile> OpenRaw(const std::string& path, ElementType type,
                                    const std::vector<int64_t>& shape);
  ElementType type() const { return type_; }
  const std::vector<int64_t>& shape() const { return shape_; }
  int64_t elements() const;

  // Reads elements [first, first + count) into `out`, in C order and little-endian.
  Result<void> Read(int64_t first, int64_t count, void* out) const;

 private:
  friend struct TensorFileAccess;
  struct Handle;
  std::shared_ptr<Handle> handle_;
  ElementType type_ = ElementType::kF32;
  std::vector<int64_t> shape_;
  uint64_t offset_ = 0;
};

// One tensor among those of a file.
struct TensorEntry {
  std::string name;   // "" in .npy, which has none
  std::string dtype;  // of its elements: the word of a type, or as it stands where none is read
  std::vector<int64_t> shape;
  std::optional<TensorFile> values;  // none: `reason` says why
  std::string reason;
};

// Shows the tensors of a .npy, .npz or .safetensors file to `visit`, one after another: of an .npz
// one at a time is unpacked.
//
// Errors:   those of TensorFile::Open but for types that are not read, which are an entry's own;
//           what `visit` returns ends the visits
Result<void> VisitTensors(const std::string& path,
                          const std::function<Result<void>(const TensorEntry&)>& visit);

// The strings that a .safetensors file has beside its tensors; none in the other formats.
Result<std::map<std::string, std::string>> ReadTensorMetadata(const std::string& path);

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
