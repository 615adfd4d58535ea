// Adler-32, the checksum of zlib's streams.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::png {

// Adds bytes to a sum, which begins as 1.
//
// Source:   RFC 1950
uint32_t Adler32(uint32_t sum, const uint8_t* in, size_t size);

namespace reference {
uint32_t Adler32(uint32_t sum, const uint8_t* in, size_t size);
}  // namespace reference

}  // namespace imnorm::png
