// Element types and the sizes of dense tensors.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

#include "tensor/tensor_layout.h"

namespace imnorm {

size_t ElementBytes(ElementType type) {
  switch (type) {
    case ElementType::kU8:
    case ElementType::kI8:
    case ElementType::kBool:
      return 1;
    case ElementType::kF16:
    case ElementType::kBF16:
    case ElementType::kU16:
    case ElementType::kI16:
      return 2;
    case ElementType::kF32:
    case ElementType::kI32:
      return 4;
    case ElementType::kF64:
    case ElementType::kI64:
      return 8;
  }
  return 0;
}

const char* ElementTypeName(ElementType type) {
  switch (type) {
    case ElementType::kF32:
      return "float32";
    case ElementType::kF64:
      return "float64";
    case ElementType::kF16:
      return "float16";
    case ElementType::kBF16:
      return "bfloat16";
    case ElementType::kU8:
      return "uint8";
    case ElementType::kI8:
      return "int8";
    case ElementType::kU16:
      return "uint16";
    case ElementType::kI16:
      return "int16";
    case ElementType::kI32:
      return "int32";
    case ElementType::kI64:
      return "int64";
    case ElementType::kBool:
      return "bool";
  }
  return "unknown";
}

double UsualScale(ElementType type) {
  return type == ElementType::kU8 ? 255.0 : type == ElementType::kU16 ? 65535.0 : 1.0;
}

Result<uint64_t> DenseBytes(ElementType type, const std::vector<int64_t>& shape) {
  constexpr uint64_t kMost = uint64_t(std::numeric_limits<int64_t>::max());
  if (shape.size() > kMaxRank) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("the tensor has {} dimensions, more than {}", shape.size(), kMaxRank));
  }
  // The product of the sides that are not 0 is bounded too: (2^62, 2^62, 0) is no sane shape.
  uint64_t bytes = ElementBytes(type);
  bool empty = false;
  for (const int64_t side : shape) {
    if (side < 0) {
      return Fail(ErrorCode::kCorrupt,
                  fmt::format("the shape {} has a negative side", ShapeText(shape)));
    }
    if (side == 0) {
      empty = true;
    } else if (__builtin_mul_overflow(bytes, uint64_t(side), &bytes) || bytes > kMost) {
      return Fail(ErrorCode::kCorrupt,
                  fmt::format("the shape {} needs more than 2^63 bytes", ShapeText(shape)));
    }
  }
  return empty ? 0 : bytes;
}

std::string ShapeText(const std::vector<int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

int64_t Tensor::elements() const { return int64_t(bytes.size() / ElementBytes(type)); }

}  // namespace imnorm
