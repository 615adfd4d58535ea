// Types of samples and elements, in pictures, tensors and outputs alike, and the one table of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace imnorm {

enum class ElementType : uint8_t {
  kF32,
  kF64,
  kF16,
  kBF16,
  kU8,
  kI8,
  kU16,
  kI32,
  kI64,
  kI16,
  kBool,
};

struct ElementTypeRow {
  ElementType type;
  const char* word;  // as people and options say it
  size_t bytes;
  const char* numpy;  // the code of a dtype, without its byte order; null: numpy has none
  const char* safetensors;
  bool is_output;    // a plan's outputs may have it; tensors are read in any
  bool of_pictures;  // and those that are made of pictures
};

inline constexpr ElementTypeRow kElementTypes[] = {
    {ElementType::kF32, "float32", 4, "f4", "F32", true, true},
    {ElementType::kF64, "float64", 8, "f8", "F64", true, false},
    {ElementType::kF16, "float16", 2, "f2", "F16", true, true},
    {ElementType::kBF16, "bfloat16", 2, nullptr, "BF16", true, true},
    {ElementType::kU8, "uint8", 1, "u1", "U8", true, true},
    {ElementType::kI8, "int8", 1, "i1", "I8", true, true},
    {ElementType::kU16, "uint16", 2, "u2", "U16", false, false},
    {ElementType::kI32, "int32", 4, "i4", "I32", false, false},
    {ElementType::kI64, "int64", 8, "i8", "I64", false, false},
    {ElementType::kI16, "int16", 2, "i2", "I16", false, false},
    {ElementType::kBool, "bool", 1, "b1", "BOOL", false, false},
};

// A type's row stands at its number.
constexpr const ElementTypeRow& RowOf(ElementType type) { return kElementTypes[size_t(type)]; }

static_assert([] {
  for (size_t i = 0; i < std::size(kElementTypes); ++i) {
    if (size_t(kElementTypes[i].type) != i) return false;
  }
  return true;
}());

constexpr size_t ElementBytes(ElementType type) { return RowOf(type).bytes; }
constexpr const char* ElementTypeName(ElementType type) { return RowOf(type).word; }

// What samples of a type are divided by where nobody says: the maximum of uint8 and uint16, else 1.
constexpr double UsualScale(ElementType type) {
  return type == ElementType::kU8 ? 255.0 : type == ElementType::kU16 ? 65535.0 : 1.0;
}

}  // namespace imnorm
