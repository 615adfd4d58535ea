// Operations within 128-bit blocks that Highway 1.0.3 lacks, for every target that has vectors.
//
// Include after foreach_target.h. IMNORM_VECTORS is 0 on the fallback target, where Highway has no
// operations across lanes: there the reference twins run.

// Per-target include guard
#if defined(IMNORM_KERNELS_BLOCK_OPS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef IMNORM_KERNELS_BLOCK_OPS_INL_H_
#undef IMNORM_KERNELS_BLOCK_OPS_INL_H_
#else
#define IMNORM_KERNELS_BLOCK_OPS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>

// Highway 1.0.3 names avxvnni for AVX3_DL, which Ice Lake lacks, where it means avx512vnni. Both
// are given, since a function inlines only into one with at least its own features; so only
// 512-bit dot products may be written here, which have no other encoding than AVX-512's. Later
// ones, which have a macro for the list, name the right one.
#if HWY_TARGET == HWY_AVX3_DL && !defined(HWY_TARGET_STR_AVX3_DL)
#undef HWY_TARGET_STR
#define HWY_TARGET_STR                                                       \
  HWY_TARGET_STR_AVX3                                                        \
  ",vpclmulqdq,avx512vbmi,avx512vbmi2,vaes,avxvnni,avx512vnni,avx512bitalg," \
  "avx512vpopcntdq"
#endif

#undef IMNORM_VECTORS
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128
#define IMNORM_VECTORS 0
#else
#define IMNORM_VECTORS 1

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Whole vectors of the target: 16, 32 or 64 bytes.
using D8 = hn::ScalableTag<uint8_t>;
using D16 = hn::ScalableTag<int16_t>;
using D32 = hn::ScalableTag<int32_t>;
using V8 = hn::Vec<D8>;
using V16 = hn::Vec<D16>;
using V32 = hn::Vec<D32>;
constexpr int kVectorBytes = HWY_MAX_BYTES;
constexpr int kBlocks = kVectorBytes / 16;

// sum[i] + a[2i] * b[2i] + a[2i + 1] * b[2i + 1], modulo 1 << 32.
HWY_INLINE V32 AddPairProducts(V32 sum, V16 a, V16 b) {
#if HWY_ARCH_ARM_A64
  return V32(vaddq_s32(sum.raw, vpaddq_s32(vmull_s16(vget_low_s16(a.raw), vget_low_s16(b.raw)),
                                           vmull_high_s16(a.raw, b.raw))));
#else
  V32 unused = sum;
  return hn::ReorderWidenMulAccumulate(D32(), a, b, sum, unused);
#endif
}

// Narrows with saturation to 0..255: block b of the result is block b of a, then of b.
HWY_INLINE V8 NarrowBlocks(V16 a, V16 b) {
#if HWY_ARCH_ARM_A64
  return V8(vqmovun_high_s16(vqmovun_s16(a.raw), b.raw));
#elif HWY_MAX_BYTES == 64
  return V8{_mm512_packus_epi16(a.raw, b.raw)};
#elif HWY_MAX_BYTES == 32
  return V8{_mm256_packus_epi16(a.raw, b.raw)};
#else
  return V8{_mm_packus_epi16(a.raw, b.raw)};
#endif
}

// The same from 32 bits: block b of the result is block b of a, b, c, d.
HWY_INLINE V8 NarrowBlocks(V32 a, V32 b, V32 c, V32 d) {
  return NarrowBlocks(hn::ReorderDemote2To(D16(), a, b), hn::ReorderDemote2To(D16(), c, d));
}

// Loads 16 bytes into each block, block b from in + offsets[b].
HWY_INLINE V8 LoadBlocks(const uint8_t* in, const int32_t* offsets) {
#if HWY_MAX_BYTES == 64
  const auto at = [&](int b) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + offsets[b]));
  };
  const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(at(0)), at(1), 1);
  const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(at(2)), at(3), 1);
  return V8{_mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1)};
#elif HWY_MAX_BYTES == 32
  const hn::Full128<uint8_t> d;
  return hn::Combine(D8(), hn::LoadU(d, in + offsets[1]), hn::LoadU(d, in + offsets[0]));
#else
  return hn::LoadU(D8(), in + offsets[0]);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();
#endif  // IMNORM_VECTORS
#endif  // per-target include guard
