// The hash BLAKE3, of which Debian 12 has no library.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm {

// Writes the hash of `count` bytes, 32 bytes long.
//
// Source:   O'Connor, Aumasson, Neves, Wilcox-O'Hearn: BLAKE3, one function, fast everywhere (2020)
void Blake3(const uint8_t* bytes, size_t count, uint8_t* digest);

}  // namespace imnorm
