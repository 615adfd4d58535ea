// Bytes of unfiltered rows -> samples: as many bits as they have, big-endian, indices of a palette
// -> bytes or 16 bits in the machine's order, colours.
#pragma once

#include <cstddef>
#include <cstdint>

namespace imnorm::png {

// Samples of 16 bits from the file's byte order into the machine's.
//
// Shapes:   in u8 [samples][2], out likewise, any alignment; they may be the same
void SwapBytes(const uint8_t* in, size_t samples, uint8_t* out);

// Samples of 1, 2 or 4 bits, the first in the highest bits of a byte, a byte each.
void UnpackBits(const uint8_t* in, int bits, size_t samples, uint8_t* out);

// What each byte stands for: 4 bytes, of which the first `channels` count.
struct Colors {
  uint8_t of[256][4] = {};
};

// Bytes to the colours that they stand for.
//
// Shapes:   in u8 [pixels]; out u8 [pixels][channels], channels 1, 3 or 4
void MapColors(const uint8_t* in, size_t pixels, const Colors& colors, int channels, uint8_t* out);

// Pixels to RGBA, of which one colour is transparent: RGB of 8 bits; grey or RGB of 16 bits in the
// file's byte order.
//
// Shapes:   in [pixels][channels], channels 1 or 3; key [channels]; out [pixels][4], 16 bits in the
//           machine's order
void AddTransparency8(const uint8_t* in, size_t pixels, const uint16_t* key, uint8_t* out);
void AddTransparency16(const uint8_t* in, size_t pixels, int channels, const uint16_t* key,
                       uint8_t* out);

namespace reference {
void SwapBytes(const uint8_t* in, size_t samples, uint8_t* out);
}  // namespace reference

}  // namespace imnorm::png
