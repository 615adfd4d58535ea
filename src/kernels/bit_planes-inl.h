// Counts of each value in vectors of bytes, where bits of vectors can be counted (AVX3_DL).
//
// A core stores to one cache line a cycle, so a counter in memory costs a cycle a sample. Where
// bits of vectors can be counted, a block of pixels becomes 8 bit planes instead: the pixels of one
// value are the AND of a mask of its high and one of its low bits, and a vector has 512 of them.
// Only values from the block's least to its greatest are looked at, 150 on average in photographs,
// which takes half the time.
// Dropped, in times of counters in memory: 65,536 counters for pairs of pixels, 0.75 with their
// folding; 8-bit counters, emptied every 255 pixels, 1.1.
//
// Include after foreach_target.h.

// Per-target include guard
#if defined(IMNORM_KERNELS_BIT_PLANES_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef IMNORM_KERNELS_BIT_PLANES_INL_H_
#undef IMNORM_KERNELS_BIT_PLANES_INL_H_
#else
#define IMNORM_KERNELS_BIT_PLANES_INL_H_
#endif

#include <cstdint>

#include "kernels/channels-inl.h"

#if HWY_TARGET == HWY_AVX3_DL
HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

using D64 = hn::ScalableTag<uint64_t>;
using V64 = hn::Vec<D64>;
using Lanes = uint64_t[256][8];

constexpr size_t kVectors = 16;  // of a block and channel: two halves of 8
constexpr size_t kBatch = 4;     // blocks
constexpr int kLowBits = 3, kLows = 1 << kLowBits;

// One channel of a block: its bit planes and the high bits of its extremes.
struct Planes {
  V64 half[2][8];
  int first, last;
};

// Bits of `a` where those of the mask are set, of `b` elsewhere.
HWY_INLINE V8 Select(V8 mask, V8 a, V8 b) {
  return V8{_mm512_ternarylogic_epi64(mask.raw, a.raw, b.raw, 0xCA)};
}

template <int kBits>
HWY_INLINE void SwapBits(V8 low, V8& a, V8& b) {
  const D8 d8;
  const hn::RebindToUnsigned<D16> d;
  const V8 up = hn::BitCast(d8, hn::ShiftLeft<kBits>(hn::BitCast(d, b)));
  const V8 down = hn::BitCast(d8, hn::ShiftRight<kBits>(hn::BitCast(d, a)));
  a = Select(low, a, up);
  b = Select(low, down, b);
}

// Bit j of each byte of v[i] changes places with bit i of that byte of v[j].
HWY_INLINE void Transpose(V8* HWY_RESTRICT v) {
  const D8 d;
  const V8 low4 = hn::Set(d, 0x0F), low2 = hn::Set(d, 0x33), low1 = hn::Set(d, 0x55);
  for (int i = 0; i < 4; ++i) SwapBits<4>(low4, v[i], v[i + 4]);
  for (int i = 0; i < 8; i += (i & 1) == 0 ? 1 : 3) SwapBits<2>(low2, v[i], v[i + 2]);
  for (int i = 0; i < 8; i += 2) SwapBits<1>(low1, v[i], v[i + 1]);
}

// High bits of the least and the greatest byte.
HWY_INLINE void FindRange(const V8* HWY_RESTRICT v, Planes* planes) {
  const D8 d;
  V8 low = v[0], high = v[0];
  for (size_t i = 1; i < kVectors; ++i) {
    low = hn::Min(low, v[i]);
    high = hn::Max(high, v[i]);
  }
  // The least of the complement is found along with the least: one in each half of a vector.
  high = hn::Not(high);
  V8 both = hn::Min(hn::ConcatLowerLower(d, high, low), hn::ConcatUpperUpper(d, high, low));
  both = hn::Min(both, hn::SwapAdjacentBlocks(both));
  const D64 d64;
  both = hn::Min(both, hn::BitCast(d, hn::Shuffle01(hn::BitCast(d64, both))));
  both = hn::Min(both, hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, both))));
  both = hn::Min(both, hn::BitCast(d, hn::ShiftRight<16>(hn::BitCast(d64, both))));
  both = hn::Min(both, hn::BitCast(d, hn::ShiftRight<8>(hn::BitCast(d64, both))));
  const hn::Half<D8> half;
  planes->first = hn::GetLane(hn::LowerHalf(half, both)) >> kLowBits;
  planes->last = uint8_t(~hn::GetLane(hn::UpperHalf(half, both))) >> kLowBits;
}

HWY_INLINE void MakePlanes(const V8* HWY_RESTRICT v, Planes* planes) {
  FindRange(v, planes);
  for (int half = 0; half < 2; ++half) {
    V8 plane[8];
    for (int i = 0; i < 8; ++i) plane[i] = v[8 * half + i];
    Transpose(plane);
    for (int i = 0; i < 8; ++i) planes->half[half][i] = hn::BitCast(D64(), plane[i]);
  }
}

// masks[i]: where the bits of a, b and from there on up are those of i.
HWY_INLINE void Masks(V64 a, V64 b, V64* HWY_RESTRICT masks) {
  masks[0] = V64{_mm512_ternarylogic_epi64(a.raw, a.raw, b.raw, 0x01)};
  masks[1] = hn::AndNot(b, a);
  masks[2] = hn::AndNot(a, b);
  masks[3] = hn::And(a, b);
}
HWY_INLINE void Masks(V64 a, V64 b, V64 c, V64* HWY_RESTRICT masks) {
  Masks(a, b, masks);
  for (int i = 0; i < 4; ++i) masks[i + 4] = hn::And(masks[i], c);
  for (int i = 0; i < 4; ++i) masks[i] = hn::AndNot(c, masks[i]);
}

HWY_INLINE void CountPlanes(const Planes& planes, Lanes& counts) {
  // The masks of low bits fill half of the registers; those of high bits are made from two tables.
  V64 low[2][kLows], middle[2][8], high[2][4];
  for (int half = 0; half < 2; ++half) {
    const V64* plane = planes.half[half];
    Masks(plane[3], plane[4], plane[5], middle[half]);
    Masks(plane[6], plane[7], high[half]);
    Masks(plane[0], plane[1], plane[2], low[half]);
  }
  const D64 d;
  for (int k = planes.first; k <= planes.last; ++k) {
    const V64 a = hn::And(high[0][k >> 3], middle[0][k & 7]);
    const V64 b = hn::And(high[1][k >> 3], middle[1][k & 7]);
    for (int i = 0; i < kLows; ++i) {
      // The last counts all, one AND less; the others are taken off in the end.
      const bool all = i == kLows - 1;
      const V64 in_a = hn::PopulationCount(all ? a : hn::And(a, low[0][i]));
      const V64 in_b = hn::PopulationCount(all ? b : hn::And(b, low[1][i]));
      uint64_t* count = counts[k * kLows + i];
      hn::Store(hn::Add(hn::Load(d, count), hn::Add(in_a, in_b)), d, count);
    }
  }
}

// Counts vectors of a channel, a multiple of kVectors. Loops over values end at no predictable
// place, so what has a fixed length is done ahead, for a batch of blocks.
void CountVectors(const uint8_t* in, size_t vectors, Lanes& counts) {
  Planes planes[kBatch];
  while (vectors > 0) {
    size_t blocks = 0;
    for (; blocks < kBatch && vectors > 0; vectors -= kVectors, in += kVectors * kPixels) {
      V8 v[kVectors];
      for (size_t i = 0; i < kVectors; ++i) v[i] = hn::Load(D8(), in + i * kPixels);
      MakePlanes(v, &planes[blocks++]);
    }
    for (size_t i = 0; i < blocks; ++i) CountPlanes(planes[i], counts);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();
#endif

#endif  // per-target include guard
