// Where a tensor's elements lie inside its file: the headers of .npy and .safetensors, parsed from
// memory so that hostile bytes can be tried without a file.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/tensor.h"

namespace imnorm {

// Elements as they lie in a file: dense, and but for .npy in C order and little-endian.
struct TensorLayout {
  ElementType type = ElementType::kF32;
  std::vector<int64_t> shape;
  uint64_t offset = 0;  // of the first byte, from the start of the file
  uint64_t bytes = 0;
  bool big_endian = false;
  bool fortran_order = false;  // the first index runs fastest
};

// Bytes of a dense tensor.
//
// Errors:   kCorrupt: a negative side, more than kMaxRank sides, or a size beyond 63 bits
constexpr size_t kMaxRank = 32;
Result<uint64_t> DenseBytes(ElementType type, const std::vector<int64_t>& shape);

// "[6, 3, 28, 28]", as messages print a shape.
std::string ShapeText(const std::vector<int64_t>& shape);

// Length of an .npy file's header (magic to the dict's end) from its first kNpyPrefix bytes.
//
// Errors:   kCorrupt: no .npy, an unknown version, or a length beyond 64 KiB (numpy writes 128
// bytes)
constexpr size_t kNpyPrefix = 12;
Result<uint64_t> NpyHeaderLength(std::span<const uint8_t> prefix);

// The layout that a whole .npy header describes. Its `offset` is the header's length.
//
// Rules:    the three keys exactly once, in any order; nothing behind the dict but spaces
// Errors:   kCorrupt; kUnsupported: pickled or structured elements, types that are not read
// Source:   numpy/lib/format.py
Result<TensorLayout> ParseNpyHeader(std::span<const uint8_t> header);

// One entry of a .safetensors header.
struct SafetensorsEntry {
  std::string name;
  std::string dtype;      // as written
  bool readable = false;  // layout.type says what dtype means; false for U64, C64, F8...
  TensorLayout layout;    // offset counted from the start of the data
};

// Parses a .safetensors header whose data section has `data_bytes` bytes.
//
// Rules:    the entries cover the data without holes or overlaps, names are unique, __metadata__
//           maps strings to strings. Entries come back in the order of their offsets.
// Errors:   kCorrupt, naming the tensor
// Source:   github.com/huggingface/safetensors, "Format"
Result<std::vector<SafetensorsEntry>> ParseSafetensorsHeader(std::string_view json,
                                                             uint64_t data_bytes);

// The strings of its __metadata__.
//
// Rules:    the header is one that ParseSafetensorsHeader took
Result<std::map<std::string, std::string>> ParseSafetensorsMetadata(std::string_view json);

}  // namespace imnorm
