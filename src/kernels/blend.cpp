// The vertical pass: rows interleaved into groups of taps, times split weights.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/blend.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/block_ops-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"
#include "kernels/resample_layout.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
constexpr int kMaxGroups = 128;  // of taps: a reduction by more than a hundred goes to the twin

#if HWY_TARGET == HWY_AVX3_DL
constexpr int kGroupTaps = 4;
// Weight of a group's taps: high, middle and low signed bytes of each, a tap a byte.
struct Group {
  uint32_t high, middle, low;
};

HWY_INLINE void SetTap(Group* group, int tap, int32_t weight) {
  SplitWeight8(weight, tap, &group->high, &group->middle, &group->low);
}

// kWhole: all 64 bytes, by plain loads and stores; masked ones are slow even where nothing is
// masked.
template <bool kShort, bool kWhole>
HWY_INLINE void BlendVector(const uint8_t* const* rows, const Group* groups, int taps,
                            int precision, size_t at, __mmask64 kept, uint8_t* out) {
  __m512i high[4], middle[4], low[4];
  for (int q = 0; q < 4; ++q) {
    high[q] = middle[q] = _mm512_setzero_si512();
    low[q] = _mm512_set1_epi32(1 << (precision - 1));
  }
  for (int t = 0; t < taps; t += 4, ++groups) {
    // A row that a group lacks is read again with weight 0.
    const auto row = [&](int i) {
      const uint8_t* from = rows[t + i < taps ? t + i : t] + at;
      return kWhole ? _mm512_loadu_si512(from) : _mm512_maskz_loadu_epi8(kept, from);
    };
    const __m512i r0 = row(0), r1 = row(1), r2 = row(2), r3 = row(3);
    const __m512i a = _mm512_unpacklo_epi8(r0, r1), b = _mm512_unpackhi_epi8(r0, r1);
    const __m512i c = _mm512_unpacklo_epi8(r2, r3), d = _mm512_unpackhi_epi8(r2, r3);
    const __m512i x[4] = {_mm512_unpacklo_epi16(a, c), _mm512_unpackhi_epi16(a, c),
                          _mm512_unpacklo_epi16(b, d), _mm512_unpackhi_epi16(b, d)};
    const __m512i w2 = _mm512_set1_epi32(int32_t(groups->high));
    const __m512i w1 = _mm512_set1_epi32(int32_t(groups->middle));
    const __m512i w0 = _mm512_set1_epi32(int32_t(groups->low));
    for (int q = 0; q < 4; ++q) {
      if (!kShort) high[q] = _mm512_dpbusd_epi32(high[q], x[q], w2);
      middle[q] = _mm512_dpbusd_epi32(middle[q], x[q], w1);
      low[q] = _mm512_dpbusd_epi32(low[q], x[q], w0);
    }
  }
  __m512i sum[4];
  for (int q = 0; q < 4; ++q) {
    const __m512i upper =
        kShort ? middle[q] : _mm512_add_epi32(_mm512_slli_epi32(high[q], 8), middle[q]);
    sum[q] = _mm512_sra_epi32(_mm512_add_epi32(_mm512_slli_epi32(upper, 8), low[q]),
                              _mm_cvtsi32_si128(precision));
  }
  const __m512i bytes =
      _mm512_packus_epi16(_mm512_packs_epi32(sum[0], sum[1]), _mm512_packs_epi32(sum[2], sum[3]));
  if (kWhole) {
    _mm512_storeu_si512(out + at, bytes);
  } else {
    _mm512_mask_storeu_epi8(out + at, kept, bytes);
  }
}

// Tail: masked loads and stores.
template <bool kShort>
HWY_INLINE void BlendGroups(const uint8_t* const* rows, const Group* groups, int taps,
                            int precision, size_t n, uint8_t* out) {
  size_t at = 0;
  for (; at + 64 <= n; at += 64) {
    BlendVector<kShort, true>(rows, groups, taps, precision, at, 0, out);
  }
  const __mmask64 rest = (__mmask64{1} << (n - at)) - 1;
  if (at < n) BlendVector<kShort, false>(rows, groups, taps, precision, at, rest, out);
}
#else
constexpr int kGroupTaps = 2;
// Weights of two taps: their high and low signed 16 bits, a tap a half.
struct Group {
  uint32_t high, low;
};

HWY_INLINE void SetTap(Group* group, int tap, int32_t weight) {
  SplitWeight16(weight, tap, &group->high, &group->low);
}

template <bool kShort>
HWY_INLINE void BlendVector(const uint8_t* const* rows, const Group* groups, int taps,
                            int precision, size_t at, uint8_t* out) {
  const D8 d8;
  const D16 d16;
  const D32 d32;
  const V8 zero = hn::Zero(d8);
  V32 high[4], low[4];
  for (int q = 0; q < 4; ++q) {
    high[q] = hn::Zero(d32);
    low[q] = hn::Set(d32, 1 << (precision - 1));
  }
  for (int t = 0; t < taps; t += 2, ++groups) {
    const V8 r0 = hn::LoadU(d8, rows[t] + at);
    const V8 r1 = t + 1 < taps ? hn::LoadU(d8, rows[t + 1] + at) : zero;
    const V8 a = hn::InterleaveLower(d8, r0, r1), b = hn::InterleaveUpper(d8, r0, r1);
    const V8 x[4] = {hn::InterleaveLower(d8, a, zero), hn::InterleaveUpper(d8, a, zero),
                     hn::InterleaveLower(d8, b, zero), hn::InterleaveUpper(d8, b, zero)};
    const V16 w_high = hn::BitCast(d16, hn::Set(d32, int32_t(groups->high)));
    const V16 w_low = hn::BitCast(d16, hn::Set(d32, int32_t(groups->low)));
    for (int q = 0; q < 4; ++q) {
      if (!kShort) high[q] = AddPairProducts(high[q], hn::BitCast(d16, x[q]), w_high);
      low[q] = AddPairProducts(low[q], hn::BitCast(d16, x[q]), w_low);
    }
  }
  V32 sum[4];
  for (int q = 0; q < 4; ++q) {
    const V32 whole = kShort ? low[q] : hn::Add(hn::ShiftLeft<16>(high[q]), low[q]);
    sum[q] = hn::ShiftRightSame(whole, precision);
  }
  hn::StoreU(NarrowBlocks(sum[0], sum[1], sum[2], sum[3]), d8, out + at);
}

// Tail: the last vector overlaps the one before; rows narrower than a vector go to the twin.
template <bool kShort>
HWY_INLINE void BlendGroups(const uint8_t* const* rows, const Group* groups, int taps,
                            int precision, size_t n, uint8_t* out) {
  constexpr size_t kStep = kVectorBytes;
  size_t at = 0;
  for (; at + kStep <= n; at += kStep) {
    BlendVector<kShort>(rows, groups, taps, precision, at, out);
  }
  if (at < n) BlendVector<kShort>(rows, groups, taps, precision, n - kStep, out);
}
#endif

void BlendRowsHere(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out) {
  const bool too_narrow = HWY_TARGET != HWY_AVX3_DL && n < size_t(kVectorBytes);
  if (too_narrow || taps.count <= 0 || taps.count > kMaxGroups * kGroupTaps) {
    return reference::BlendRows(rows, taps, n, out);
  }
  Group groups[kMaxGroups];
  const int count = (taps.count + kGroupTaps - 1) / kGroupTaps;
  for (int g = 0; g < count; ++g) groups[g] = Group{};
  const bool is_short = AreShort(taps.weights, size_t(taps.count), taps.precision, kGroupTaps == 4);
  for (int t = 0; t < taps.count; ++t) {
    int32_t weight = taps.weights[t];
    if (!is_short && !Widen(weight, taps.precision, &weight)) {
      return reference::BlendRows(rows, taps, n, out);
    }
    SetTap(&groups[t / kGroupTaps], t % kGroupTaps, weight);
  }
  if (is_short) return BlendGroups<true>(rows, groups, taps.count, taps.precision, n, out);
  BlendGroups<false>(rows, groups, taps.count, AxisWeights::kPillowPrecision, n, out);
}
#else
void BlendRowsHere(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out) {
  reference::BlendRows(rows, taps, n, out);
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(BlendRowsHere)

void BlendRows(const uint8_t* const* rows, const RowTaps& taps, size_t n, uint8_t* out) {
  IMNORM_DISPATCH(BlendRowsHere)(rows, taps, n, out);
}

}  // namespace imnorm::kernels
#endif
