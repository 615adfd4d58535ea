// Converts rows of one kind of pixels into another.
#include "decode/pixels.h"

#include <type_traits>

namespace imnorm {
namespace {

// Rounded a * b / 255, exact for all bytes: Pillow's MULDIV255.
uint32_t MulDiv(uint8_t a, uint8_t b) {
  const uint32_t t = uint32_t(a) * b + 128;
  return (t + (t >> 8)) >> 8;
}

uint8_t Blend(uint8_t s, uint8_t background, uint8_t a) {
  const uint32_t t = uint32_t(s) * a + uint32_t(background) * (255u - a) + 128;
  return uint8_t((t + (t >> 8)) >> 8);
}

uint16_t Blend(uint16_t s, uint16_t background, uint16_t a) {
  // 2 * 65535^2 + 32767 fits in 33 bits.
  const uint64_t t = uint64_t(s) * a + uint64_t(background) * (65535u - a);
  return uint16_t((t + 32767) / 65535);
}

// The weights sum to 65536, so 16-bit samples stay below 2^32, too.
template <typename T>
T Luma(T r, T g, T b) {
  return T((19595u * r + 38470u * g + 7471u * b + 32768u) >> 16);
}

template <typename T>
struct Pixel {
  T r, g, b, a;
};

template <PixelKind kKind, typename T>
Pixel<T> Load(const T* in) {
  constexpr T kOpaque = T(~T(0));
  if constexpr (kKind == PixelKind::kGray) return {in[0], in[0], in[0], kOpaque};
  if constexpr (kKind == PixelKind::kGrayAlpha) return {in[0], in[0], in[0], in[1]};
  if constexpr (kKind == PixelKind::kRgb) return {in[0], in[1], in[2], kOpaque};
  if constexpr (kKind == PixelKind::kRgba) return {in[0], in[1], in[2], in[3]};
  if constexpr (kKind == PixelKind::kInvertedCmyk && sizeof(T) == 1) {
    return {T(MulDiv(in[0], in[3])), T(MulDiv(in[1], in[3])), T(MulDiv(in[2], in[3])), kOpaque};
  }
  return {};
}

template <PixelKind kKind, bool kGrayOut, AlphaPolicy kAlpha, typename T>
void Convert(const PixelTarget& target, const T* in, int pixels, T* out) {
  constexpr int kIn = kKind == PixelKind::kGray        ? 1
                      : kKind == PixelKind::kGrayAlpha ? 2
                      : kKind == PixelKind::kRgb       ? 3
                                                       : 4;
  constexpr uint32_t kScale = sizeof(T) == 1 ? 1 : 257;
  const T background[3] = {T(target.background[0] * kScale), T(target.background[1] * kScale),
                           T(target.background[2] * kScale)};
  for (int i = 0; i < pixels; ++i, in += kIn) {
    Pixel<T> p = Load<kKind>(in);
    if constexpr (kAlpha == AlphaPolicy::kComposite) {
      p.r = Blend(p.r, background[0], p.a);
      p.g = Blend(p.g, background[1], p.a);
      p.b = Blend(p.b, background[2], p.a);
    }
    if constexpr (kGrayOut) {
      // The luma of three equal samples is that sample, so grey passes unchanged.
      *out++ = Luma(p.r, p.g, p.b);
    } else {
      out[0] = p.r;
      out[1] = p.g;
      out[2] = p.b;
      out += 3;
    }
    if constexpr (kAlpha == AlphaPolicy::kMask) *out++ = p.a;
  }
}

template <PixelKind kKind, AlphaPolicy kAlpha, typename T>
void ConvertColors(const PixelTarget& target, const T* in, int pixels, T* out) {
  if (target.colors == 1) {
    Convert<kKind, true, kAlpha>(target, in, pixels, out);
  } else {
    Convert<kKind, false, kAlpha>(target, in, pixels, out);
  }
}

template <PixelKind kKind, typename T>
void ConvertAlpha(const PixelTarget& target, const T* in, int pixels, T* out) {
  switch (target.alpha) {
    case AlphaPolicy::kDrop:
      return ConvertColors<kKind, AlphaPolicy::kDrop>(target, in, pixels, out);
    case AlphaPolicy::kComposite:
      return ConvertColors<kKind, AlphaPolicy::kComposite>(target, in, pixels, out);
    case AlphaPolicy::kMask:
      return ConvertColors<kKind, AlphaPolicy::kMask>(target, in, pixels, out);
  }
}

template <typename T>
void ConvertKind(PixelKind kind, const PixelTarget& target, const T* in, int pixels, T* out) {
  switch (kind) {
    case PixelKind::kGray:
      return ConvertColors<PixelKind::kGray, AlphaPolicy::kDrop>(target, in, pixels, out);
    case PixelKind::kGrayAlpha:
      return ConvertAlpha<PixelKind::kGrayAlpha>(target, in, pixels, out);
    case PixelKind::kRgb:
      return ConvertColors<PixelKind::kRgb, AlphaPolicy::kDrop>(target, in, pixels, out);
    case PixelKind::kRgba:
      return ConvertAlpha<PixelKind::kRgba>(target, in, pixels, out);
    case PixelKind::kInvertedCmyk:
      if constexpr (sizeof(T) == 1) {
        return ConvertColors<PixelKind::kInvertedCmyk, AlphaPolicy::kDrop>(target, in, pixels, out);
      }
      return;
    case PixelKind::kBands:
      return;
  }
}

}  // namespace

int ChannelsOf(PixelKind kind) {
  switch (kind) {
    case PixelKind::kGray:
      return 1;
    case PixelKind::kGrayAlpha:
      return 2;
    case PixelKind::kRgb:
      return 3;
    case PixelKind::kRgba:
    case PixelKind::kInvertedCmyk:
      return 4;
    case PixelKind::kBands:
      return 0;
  }
  return 0;
}

bool HasAlpha(PixelKind kind) { return kind == PixelKind::kGrayAlpha || kind == PixelKind::kRgba; }

void ConvertRow(PixelKind kind, const PixelTarget& target, const uint8_t* in, int pixels,
                uint8_t* out) {
  ConvertKind(kind, target, in, pixels, out);
}

void ConvertRow(PixelKind kind, const PixelTarget& target, const uint16_t* in, int pixels,
                uint16_t* out) {
  ConvertKind(kind, target, in, pixels, out);
}

void NarrowRow(const uint16_t* in, size_t samples, uint8_t* out) {
  for (size_t i = 0; i < samples; ++i) out[i] = uint8_t(in[i] >> 8);
}

}  // namespace imnorm
