// What the digest module offers: hashes that checksum files are made of, loaded where there is one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm {

constexpr int kDigestApi = 1;  // raised with every change here

constexpr size_t kDigestBytes = 32;  // of either

struct DigestFunctions {
  int api;
  void (*sha256)(const uint8_t* bytes, size_t count, uint8_t* digest);
  void (*blake3)(const uint8_t* bytes, size_t count, uint8_t* digest);
};

// The module's entry: `const DigestFunctions* imnorm_digest()`.
constexpr const char* kDigestEntry = "imnorm_digest";

}  // namespace imnorm
