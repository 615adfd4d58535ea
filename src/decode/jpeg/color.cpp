// Tails: whole vectors throughout; the caller's rows have slack behind them.
#include "decode/jpeg/color.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/color.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out) {
  reference::YccToRgb(in, pixels, out);
}
void YccToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  reference::YccToGray(in, pixels, out);
}
void Interleave(const PlaneRow& in, int pixels, uint8_t* out) {
  reference::Interleave(in, pixels, out);
}
void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  reference::RgbToGray(in, pixels, out);
}

#else

using D8 = hn::ScalableTag<uint8_t>;
using D16 = hn::Repartition<int16_t, D8>;
using D32 = hn::Repartition<int32_t, D8>;
using V8 = hn::Vec<D8>;
using V16 = hn::Vec<D16>;
using V32 = hn::Vec<D32>;
constexpr int kStep = int(hn::MaxLanes(D8()));
static_assert(3 * kStep <= kColorSlack);

struct Rgb {
  V8 r, g, b;
};

struct Rgb16 {
  V16 r, g, b;
};

// sum + a * x + b * y for interleaved pairs (x, y).
HWY_INLINE V32 AddDot(V32 sum, V16 pairs, int16_t a, int16_t b) {
  const D32 d;
#if HWY_ARCH_X86
  const V16 factors =
      hn::BitCast(D16(), hn::Set(d, int32_t(uint32_t(uint16_t(a)) | uint32_t(b) << 16)));
  V32 unused = sum;
  return hn::ReorderWidenMulAccumulate(d, pairs, factors, sum, unused);
#else
  const V32 wide = hn::BitCast(d, pairs);
  const V32 x = hn::ShiftRight<16>(hn::ShiftLeft<16>(wide));
  const V32 y = hn::ShiftRight<16>(wide);
  return hn::Add(sum, hn::Add(hn::Mul(x, hn::Set(d, a)), hn::Mul(y, hn::Set(d, b))));
#endif
}

// The lower and the upper eight bytes of each 128 bits as 16-bit values, and back.
HWY_INLINE V16 WidenLower(V8 v) {
  return hn::BitCast(D16(), hn::InterleaveLower(D8(), v, hn::Zero(D8())));
}
HWY_INLINE V16 WidenUpper(V8 v) {
  return hn::BitCast(D16(), hn::InterleaveUpper(D8(), v, hn::Zero(D8())));
}
HWY_INLINE V8 Narrow(V16 lower, V16 upper) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return V8{_mm512_packus_epi16(lower.raw, upper.raw)};
#elif HWY_TARGET == HWY_AVX2
  return V8{_mm256_packus_epi16(lower.raw, upper.raw)};
#elif HWY_TARGET == HWY_SSE4
  return V8{_mm_packus_epi16(lower.raw, upper.raw)};
#else
  static_assert(kStep == 16, "128-bit vectors wherever packing is by halves");
  const hn::Half<D8> half;
  return hn::Combine(D8(), hn::DemoteTo(half, upper), hn::DemoteTo(half, lower));
#endif
}

// (product + 1/2) >> 16 as libjpeg's tables round it, with the factors brought below one half so
// that 16 bits hold them: 1.402 w = w + 0.402 w, 1.772 u = 2 u - 0.228 u, and in green
// -0.344 u - 0.714 w = -w + (-0.344 u + 0.286 w). mulhi of the doubled value, plus one, halved,
// is the rounded product.
HWY_INLINE Rgb16 ConvertYcc(V16 luma, V16 cb, V16 cr) {
  const D16 d;
  const V16 bias = hn::Set(d, 128);
  const V16 one = hn::Set(d, 1);
  const V16 u = hn::Sub(cb, bias);
  const V16 w = hn::Sub(cr, bias);
  const V16 u2 = hn::Add(u, u);
  const V16 w2 = hn::Add(w, w);
  const V16 red = hn::ShiftRight<1>(hn::Add(hn::MulHigh(w2, hn::Set(d, int16_t{26345})), one));
  const V16 blue = hn::ShiftRight<1>(hn::Add(hn::MulHigh(u2, hn::Set(d, int16_t{-14942})), one));
  const V32 half = hn::Set(D32(), 32768);
  const V32 green0 = AddDot(half, hn::InterleaveLower(d, u, w), -22554, 18734);
  const V32 green1 = AddDot(half, hn::InterleaveUpper(d, u, w), -22554, 18734);
  const V16 green = hn::ReorderDemote2To(d, hn::ShiftRight<16>(green0), hn::ShiftRight<16>(green1));
  return {hn::Add(hn::Add(luma, w), red), hn::Add(hn::Sub(luma, w), green),
          hn::Add(hn::Add(luma, u2), blue)};
}

HWY_INLINE Rgb LoadYccAsRgb(const PlaneRow& in, int x) {
  const D8 d;
  const V8 luma = hn::LoadU(d, in.plane[0] + x);
  const V8 cb = hn::LoadU(d, in.plane[1] + x);
  const V8 cr = hn::LoadU(d, in.plane[2] + x);
  const Rgb16 lower = ConvertYcc(WidenLower(luma), WidenLower(cb), WidenLower(cr));
  const Rgb16 upper = ConvertYcc(WidenUpper(luma), WidenUpper(cb), WidenUpper(cr));
  return {Narrow(lower.r, upper.r), Narrow(lower.g, upper.g), Narrow(lower.b, upper.b)};
}

HWY_INLINE Rgb LoadRgb(const PlaneRow& in, int x) {
  const D8 d;
  return {hn::LoadU(d, in.plane[0] + x), hn::LoadU(d, in.plane[1] + x),
          hn::LoadU(d, in.plane[2] + x)};
}

#if HWY_TARGET == HWY_AVX3_DL
// Output byte i is byte i / 3 of channel i % 3: red and green by one two-table lookup, blue merged.
struct InterleaveIndices {
  uint8_t red_green[3][64];
  uint8_t blue[3][64];
  uint64_t is_blue[3];
};
constexpr InterleaveIndices MakeInterleaveIndices() {
  InterleaveIndices indices{};
  for (int i = 0; i < 192; ++i) {
    indices.red_green[i / 64][i % 64] = uint8_t(i / 3 + (i % 3 == 1 ? 64 : 0));
    indices.blue[i / 64][i % 64] = uint8_t(i / 3);
    if (i % 3 == 2) indices.is_blue[i / 64] |= uint64_t{1} << (i % 64);
  }
  return indices;
}
alignas(64) constexpr InterleaveIndices kInterleave = MakeInterleaveIndices();

HWY_INLINE void Store(const Rgb& rgb, uint8_t* out) {
  for (int i = 0; i < 3; ++i) {
    const __m512i red_green =
        _mm512_permutex2var_epi8(rgb.r.raw, _mm512_load_si512(kInterleave.red_green[i]), rgb.g.raw);
    const __m512i all = _mm512_mask_permutexvar_epi8(
        red_green, kInterleave.is_blue[i], _mm512_load_si512(kInterleave.blue[i]), rgb.b.raw);
    _mm512_storeu_si512(out + 64 * i, all);
  }
}
#else
HWY_INLINE void Store(const Rgb& rgb, uint8_t* out) {
  hn::StoreInterleaved3(rgb.r, rgb.g, rgb.b, D8(), out);
}
#endif

// 38470 = 2 * 19235 does not fit 16 bits, so green takes part in two pairs.
HWY_INLINE V16 Gray16(V16 r, V16 g, V16 b) {
  const D16 d;
  const V32 half = hn::Set(D32(), 32768);
  const V32 lower = AddDot(AddDot(half, hn::InterleaveLower(d, r, g), 19595, 19235),
                           hn::InterleaveLower(d, g, b), 19235, 7471);
  const V32 upper = AddDot(AddDot(half, hn::InterleaveUpper(d, r, g), 19595, 19235),
                           hn::InterleaveUpper(d, g, b), 19235, 7471);
  return hn::ReorderDemote2To(d, hn::ShiftRight<16>(lower), hn::ShiftRight<16>(upper));
}

HWY_INLINE void StoreGray(const Rgb& rgb, uint8_t* out) {
  const V16 lower = Gray16(WidenLower(rgb.r), WidenLower(rgb.g), WidenLower(rgb.b));
  const V16 upper = Gray16(WidenUpper(rgb.r), WidenUpper(rgb.g), WidenUpper(rgb.b));
  hn::StoreU(Narrow(lower, upper), D8(), out);
}

void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; x += kStep) Store(LoadYccAsRgb(in, x), out + 3 * x);
}
void YccToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; x += kStep) StoreGray(LoadYccAsRgb(in, x), out + x);
}
void Interleave(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; x += kStep) Store(LoadRgb(in, x), out + 3 * x);
}
void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  for (int x = 0; x < pixels; x += kStep) StoreGray(LoadRgb(in, x), out + x);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(YccToRgb)
void YccToRgb(const PlaneRow& in, int pixels, uint8_t* out) {
  IMNORM_DISPATCH(YccToRgb)(in, pixels, out);
}

IMNORM_EXPORT(YccToGray)
void YccToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  IMNORM_DISPATCH(YccToGray)(in, pixels, out);
}

IMNORM_EXPORT(Interleave)
void Interleave(const PlaneRow& in, int pixels, uint8_t* out) {
  IMNORM_DISPATCH(Interleave)(in, pixels, out);
}

IMNORM_EXPORT(RgbToGray)
void RgbToGray(const PlaneRow& in, int pixels, uint8_t* out) {
  IMNORM_DISPATCH(RgbToGray)(in, pixels, out);
}

}  // namespace imnorm::jpeg
#endif
