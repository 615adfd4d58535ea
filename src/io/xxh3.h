// XXH3, 128 bits, of bytes that come in pieces.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

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

}  // namespace imnorm
