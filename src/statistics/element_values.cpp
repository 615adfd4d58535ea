// Widens elements one type at a time.
#include "statistics/element_values.h"

#include <cstring>

#include "imnorm/values.h"

namespace imnorm {
namespace {

// Elements lie at any address.
template <typename T, typename Convert>
void ForEach(const uint8_t* elements, size_t count, double* out, Convert convert) {
  for (size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, elements + i * sizeof(T), sizeof(T));
    out[i] = convert(value);
  }
}

template <typename T>
void Widen(const uint8_t* elements, size_t count, double* out) {
  ForEach<T>(elements, count, out, [](T value) { return double(value); });
}

}  // namespace

void ElementsToDouble(ElementType type, const uint8_t* elements, size_t count, double* out) {
  switch (type) {
    case ElementType::kF32:
      return Widen<float>(elements, count, out);
    case ElementType::kF64:
      return Widen<double>(elements, count, out);
    case ElementType::kF16:
      return ForEach<uint16_t>(elements, count, out,
                               [](uint16_t bits) { return double(FloatFromFloat16Bits(bits)); });
    case ElementType::kBF16:
      return ForEach<uint16_t>(elements, count, out,
                               [](uint16_t bits) { return double(FloatFromBFloat16Bits(bits)); });
    case ElementType::kU8:
      return Widen<uint8_t>(elements, count, out);
    case ElementType::kI8:
      return Widen<int8_t>(elements, count, out);
    case ElementType::kU16:
      return Widen<uint16_t>(elements, count, out);
    case ElementType::kI32:
      return Widen<int32_t>(elements, count, out);
    case ElementType::kI64:
      return Widen<int64_t>(elements, count, out);
    case ElementType::kI16:
      return Widen<int16_t>(elements, count, out);
    case ElementType::kBool:
      return ForEach<uint8_t>(elements, count, out,
                              [](uint8_t value) { return value != 0 ? 1.0 : 0.0; });
  }
}

}  // namespace imnorm
