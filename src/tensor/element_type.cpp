// Element types and the sizes of dense tensors.
#include "tensor/element_type.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>
#include <limits>

#include "tensor/tensor_layout.h"

namespace imnorm {

namespace {

constexpr ElementTypeRow kTypes[] = {
    {ElementType::kF32, "float32", 4, "f4", "F32"},
    {ElementType::kF64, "float64", 8, "f8", "F64"},
    {ElementType::kF16, "float16", 2, "f2", "F16"},
    {ElementType::kBF16, "bfloat16", 2, nullptr, "BF16"},
    {ElementType::kU8, "uint8", 1, "u1", "U8"},
    {ElementType::kI8, "int8", 1, "i1", "I8"},
    {ElementType::kU16, "uint16", 2, "u2", "U16"},
    {ElementType::kI32, "int32", 4, "i4", "I32"},
    {ElementType::kI64, "int64", 8, "i8", "I64"},
    {ElementType::kI16, "int16", 2, "i2", "I16"},
    {ElementType::kBool, "bool", 1, "b1", "BOOL"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < std::size(kTypes); ++i) {
    if (size_t(kTypes[i].type) != i) return false;
  }
  return true;
}
static_assert(InOrder(), "RowOf finds a type by its number");

}  // namespace

std::span<const ElementTypeRow> ElementTypes() { return kTypes; }

const ElementTypeRow& RowOf(ElementType type) { return kTypes[size_t(type)]; }

size_t ElementBytes(ElementType type) { return RowOf(type).bytes; }

const char* ElementTypeName(ElementType type) { return RowOf(type).word; }

std::string NpyDescr(ElementType type) {
  const ElementTypeRow& row = RowOf(type);
  if (row.numpy == nullptr) return "";
  return (row.bytes == 1 ? "|" : "<") + std::string(row.numpy);
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
