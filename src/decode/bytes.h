// Bounds-checked numbers out of untrusted bytes.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace imnorm {

inline bool StartsWith(std::span<const uint8_t> bytes, std::string_view prefix) {
  return bytes.size() >= prefix.size() &&
         std::memcmp(bytes.data(), prefix.data(), prefix.size()) == 0;
}

// Reads numbers at offsets; beyond the end everything is 0, so a parser asks Has first where 0
// would mean something.
class ByteView {
 public:
  explicit ByteView(std::span<const uint8_t> bytes, bool big_endian = false)
      : bytes_(bytes), big_endian_(big_endian) {}

  size_t size() const { return bytes_.size(); }
  bool Has(uint64_t offset, uint64_t count) const {
    return offset <= bytes_.size() && count <= bytes_.size() - offset;
  }
  // Empty where the range is not inside.
  std::span<const uint8_t> Slice(uint64_t offset, uint64_t count) const {
    return Has(offset, count) ? bytes_.subspan(size_t(offset), size_t(count))
                              : std::span<const uint8_t>();
  }
  uint8_t U8(uint64_t offset) const { return Has(offset, 1) ? bytes_[size_t(offset)] : 0; }
  uint16_t U16(uint64_t offset) const { return uint16_t(Unsigned(offset, 2)); }
  uint32_t U32(uint64_t offset) const { return uint32_t(Unsigned(offset, 4)); }
  uint64_t U64(uint64_t offset) const { return Unsigned(offset, 8); }

 private:
  uint64_t Unsigned(uint64_t offset, int count) const {
    if (!Has(offset, uint64_t(count))) return 0;
    uint64_t value = 0;
    for (int i = 0; i < count; ++i) {
      const int place = big_endian_ ? count - 1 - i : i;
      value |= uint64_t(bytes_[size_t(offset) + size_t(i)]) << (8 * place);
    }
    return value;
  }

  std::span<const uint8_t> bytes_;
  bool big_endian_;
};

}  // namespace imnorm
