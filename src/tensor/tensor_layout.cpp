// Sizes of dense tensors, and how messages and headers print them.
#include "tensor/tensor_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <limits>

namespace imnorm {

std::string NpyDescr(ElementType type) {
  const ElementTypeRow& row = RowOf(type);
  if (row.numpy == nullptr) return "";
  return (row.bytes == 1 ? "|" : "<") + std::string(row.numpy);
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
