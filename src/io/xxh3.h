// XXH3: 128 bits of bytes that come in pieces, 64 of those at hand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace imnorm {

class Xxh3 {
 public:
  Xxh3();
  ~Xxh3();
  void Update(const void* data, size_t size);
  // 32 hexadecimal digits, as xxhsum -H2 prints them.
  std::string Hex() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// XXH3, 64 bits.
uint64_t Xxh3Of(std::string_view bytes);

}  // namespace imnorm
