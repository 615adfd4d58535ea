// Unpacks samples of 1 to 16 bits.
#include "decode/png/samples.h"

#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/png/samples.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::png {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Tail: what makes no whole vector goes to the plain twin.
void SwapBytes(const uint8_t* in, size_t samples, uint8_t* out) {
#if HWY_TARGET == HWY_SCALAR
  reference::SwapBytes(in, samples, out);
#else
  const hn::ScalableTag<uint16_t> d;
  const hn::Repartition<uint8_t, decltype(d)> d8;
  const size_t lanes = hn::Lanes(d);
  size_t i = 0;
  for (; i + lanes <= samples; i += lanes) {
    const auto v = hn::BitCast(d, hn::LoadU(d8, in + 2 * i));
    const auto swapped = hn::Or(hn::ShiftLeft<8>(v), hn::ShiftRight<8>(v));
    hn::StoreU(hn::BitCast(d8, swapped), d8, out + 2 * i);
  }
  reference::SwapBytes(in + 2 * i, samples - i, out + 2 * i);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::png
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::png {

IMNORM_EXPORT(SwapBytes)
void SwapBytes(const uint8_t* in, size_t samples, uint8_t* out) {
  IMNORM_DISPATCH(SwapBytes)(in, samples, out);
}

void UnpackBits(const uint8_t* in, int bits, size_t samples, uint8_t* out) {
  const int mask = (1 << bits) - 1;
  const size_t per_byte = 8 / size_t(bits);
  for (size_t x = 0; x < samples; x += per_byte, ++in) {
    const size_t here = samples - x < per_byte ? samples - x : per_byte;
    for (size_t i = 0; i < here; ++i) {
      *out++ = uint8_t(*in >> (8 - bits * int(i + 1)) & mask);
    }
  }
}

void MapColors(const uint8_t* in, size_t pixels, const Colors& colors, int channels, uint8_t* out) {
  switch (channels) {
    case 1:
      for (size_t x = 0; x < pixels; ++x) out[x] = colors.of[in[x]][0];
      return;
    case 3:
      // Four bytes for three, but for the last pixel.
      for (size_t x = 0; x + 1 < pixels; ++x) std::memcpy(out + 3 * x, colors.of[in[x]], 4);
      if (pixels > 0) std::memcpy(out + 3 * (pixels - 1), colors.of[in[pixels - 1]], 3);
      return;
    default:
      for (size_t x = 0; x < pixels; ++x) std::memcpy(out + 4 * x, colors.of[in[x]], 4);
  }
}

void AddTransparency8(const uint8_t* in, size_t pixels, const uint16_t* key, uint8_t* out) {
  for (size_t x = 0; x < pixels; ++x, in += 3, out += 4) {
    const bool transparent = in[0] == key[0] && in[1] == key[1] && in[2] == key[2];
    out[0] = in[0];
    out[1] = in[1];
    out[2] = in[2];
    out[3] = transparent ? 0 : 255;
  }
}

void AddTransparency16(const uint8_t* in, size_t pixels, int channels, const uint16_t* key,
                       uint8_t* out) {
  for (size_t x = 0; x < pixels; ++x, in += 2 * channels, out += 8) {
    uint16_t pixel[4];
    bool transparent = true;
    for (int c = 0; c < channels; ++c) {
      pixel[c] = uint16_t(in[2 * c] << 8 | in[2 * c + 1]);
      transparent = transparent && pixel[c] == key[c];
    }
    if (channels == 1) pixel[1] = pixel[2] = pixel[0];
    pixel[3] = transparent ? 0 : 65535;
    std::memcpy(out, pixel, sizeof pixel);
  }
}

}  // namespace imnorm::png
#endif
