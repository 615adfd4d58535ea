// Values as bytes of a message, and back.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace imnorm {

// Puts values behind each other.
class Packer {
 public:
  template <typename T>
  void operator()(const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      (*this)(uint8_t(value));
    } else if constexpr (std::is_enum_v<T>) {
      (*this)(int32_t(value));
    } else {
      static_assert(std::is_arithmetic_v<T>);
      const auto* from = reinterpret_cast<const uint8_t*>(&value);
      bytes_.insert(bytes_.end(), from, from + sizeof value);
    }
  }
  void operator()(const std::string& text) {
    (*this)(uint32_t(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }
  template <typename T>
  void operator()(const std::optional<T>& value) {
    (*this)(value.has_value());
    (*this)(value.value_or(T()));
  }

  void Clear() { bytes_.clear(); }
  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

// Takes them out again, from whoever wrote them.
//
// Rules:    what is not there is 0 or empty, and good() says so; enums are not checked here
class Unpacker {
 public:
  explicit Unpacker(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  template <typename T>
  void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      uint8_t byte = 0;
      (*this)(byte);
      value = byte != 0;
    } else if constexpr (std::is_enum_v<T>) {
      int32_t number = 0;
      (*this)(number);
      value = T(number);
    } else {
      static_assert(std::is_arithmetic_v<T>);
      value = T();
      if (const auto from = Next(sizeof value); !from.empty()) {
        std::memcpy(&value, from.data(), sizeof value);
      }
    }
  }
  void operator()(std::string& text) {
    uint32_t length = 0;
    (*this)(length);
    const auto from = Next(length);
    text.assign(from.begin(), from.end());
  }
  template <typename T>
  void operator()(std::optional<T>& value) {
    bool there = false;
    T number = T();
    (*this)(there);
    (*this)(number);
    value = there ? std::optional(number) : std::nullopt;
  }

  template <typename T>
  T Take() {
    T value = T();
    (*this)(value);
    return value;
  }

  bool good() const { return good_; }
  // Everything was there, and nothing is left.
  bool whole() const { return good_ && bytes_.empty(); }

 private:
  std::span<const uint8_t> Next(size_t count) {
    if (!good_ || count > bytes_.size()) {
      good_ = false;
      return {};
    }
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }

  std::span<const uint8_t> bytes_;
  bool good_ = true;
};

}  // namespace imnorm
