// Vectors of one channel from interleaved u8 pixels, on every target that has vectors.
//
// Include after foreach_target.h.

// Per-target include guard
#if defined(IMNORM_KERNELS_CHANNELS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef IMNORM_KERNELS_CHANNELS_INL_H_
#undef IMNORM_KERNELS_CHANNELS_INL_H_
#else
#define IMNORM_KERNELS_CHANNELS_INL_H_
#endif

#include <cstdint>

#include "kernels/block_ops-inl.h"

#if IMNORM_VECTORS
HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

constexpr size_t kPixels = kVectorBytes;  // at a time: a vector a channel

// Bytes whose index is `residue` modulo 3.
HWY_INLINE hn::Mask<D8> EveryThird(int residue) {
  const D8 d;
  HWY_ALIGN uint8_t chosen[kVectorBytes];
  for (int i = 0; i < kVectorBytes; ++i) chosen[i] = i % 3 == residue ? 255 : 0;
  return hn::MaskFromVec(hn::Load(d, chosen));
}

// Byte i of the result is byte (i + kBytes) % kVectorBytes.
template <int kBytes>
HWY_INLINE V8 Rotate(V8 v) {
#if HWY_MAX_BYTES == 64
  const V8 next{_mm512_shuffle_i64x2(v.raw, v.raw, 0x39)};
#elif HWY_MAX_BYTES == 32
  const V8 next{_mm256_permute2x128_si256(v.raw, v.raw, 1)};
#else
  const V8 next = v;
#endif
  return hn::CombineShiftRightBytes<kBytes>(D8(), next, v);
}

// A vector of each channel. For 3 channels the pixels come in no order, but the same in each: the
// bytes of a channel have one residue modulo 3 in each of the three vectors, and never the same,
// so masks collect them (any of a core's vector units does that; shuffles have one or two), and a
// rotation lines the channels up.
template <int kChannels>
HWY_INLINE void LoadChannels(const uint8_t* in, const hn::Mask<D8>* third, V8* HWY_RESTRICT v) {
  const D8 d;
  if constexpr (kChannels == 1) v[0] = hn::LoadU(d, in);
  if constexpr (kChannels == 2) hn::LoadInterleaved2(d, in, v[0], v[1]);
  if constexpr (kChannels == 3) {
    constexpr int kN = kVectorBytes;
    const V8 a = hn::LoadU(d, in);
    V8 b = hn::LoadU(d, in + kN), c = hn::LoadU(d, in + 2 * kN);
#if HWY_MAX_BYTES == 64
    // Keeps the compiler from loading b and c again under each mask: masked loads are slow.
    asm("" : "+v"(b.raw), "+v"(c.raw));
#endif
    // Channel k is at i % 3 == (k - j * kN) mod 3 of vector j.
    constexpr int kInB = (6 * kN - kN) % 3, kInC = (6 * kN - 2 * kN) % 3;
    const auto pick = [&](int k) HWY_ATTR {
      const V8 ab = hn::IfThenElse(third[(k + kInB) % 3], b, a);
      return hn::IfThenElse(third[(k + kInC) % 3], c, ab);
    };
    v[0] = pick(0);
    v[1] = Rotate<1>(pick(1));
    v[2] = Rotate<2>(pick(2));
  }
  if constexpr (kChannels == 4) hn::LoadInterleaved4(d, in, v[0], v[1], v[2], v[3]);
}

// The lanes' total. They are signed on AVX3_DL; elsewhere below 1 << 31.
HWY_INLINE int64_t Total(V32 v) {
  HWY_ALIGN int32_t lanes[kVectorBytes / 4];
  hn::Store(v, D32(), lanes);
  int64_t total = 0;
  for (const int32_t lane : lanes) total += lane;
  return total;
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();
#endif

#endif  // per-target include guard
