// The Loeffler-Ligtenberg-Moschytz transform of jidctint.c with its products summed in pairs: one
// block in each 128 bits of a vector, first down the columns, then along the rows.
#include "decode/jpeg/idct.h"

#include "decode/jpeg/zigzag.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/idct.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes) {
  return reference::TransformBlocks(blocks, dequantizer, out, stride_bytes);
}

#else

// One block in each 128 bits; at most four blocks.
using D16 = hn::CappedTag<int16_t, 32>;
using D32 = hn::RepartitionToWide<D16>;
using D64 = hn::Repartition<uint64_t, D16>;
using D8 = hn::Repartition<uint8_t, D16>;
using V16 = hn::Vec<D16>;
using V32 = hn::Vec<D32>;
using V64 = hn::Vec<D64>;
using V8 = hn::Vec<D8>;
constexpr int kBlocks = int(hn::MaxLanes(D16()) / 8);

struct Rows {
  V16 r0, r1, r2, r3, r4, r5, r6, r7;
};

struct Halves {
  V32 lower, upper;
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

HWY_INLINE Halves AddDot(Halves sum, Halves pairs, int16_t a, int16_t b) {
  return {AddDot(sum.lower, hn::BitCast(D16(), pairs.lower), a, b),
          AddDot(sum.upper, hn::BitCast(D16(), pairs.upper), a, b)};
}

HWY_INLINE Halves Pairs(V16 x, V16 y) {
  return {hn::BitCast(D32(), hn::InterleaveLower(D16(), x, y)),
          hn::BitCast(D32(), hn::InterleaveUpper(D16(), x, y))};
}

// (even + odd) >> kShift and (even - odd) >> kShift, saturated to 16 bits.
template <int kShift>
HWY_INLINE void Butterfly(Halves even, Halves odd, V16& sum, V16& difference) {
  const D16 d;
  sum = hn::ReorderDemote2To(d, hn::ShiftRight<kShift>(hn::Add(even.lower, odd.lower)),
                             hn::ShiftRight<kShift>(hn::Add(even.upper, odd.upper)));
  difference = hn::ReorderDemote2To(d, hn::ShiftRight<kShift>(hn::Sub(even.lower, odd.lower)),
                                    hn::ShiftRight<kShift>(hn::Sub(even.upper, odd.upper)));
}

// One pass over eight vectors. The factors are jidctint.c's 13-bit constants, multiplied out:
// 4433 = 0.541, 10703 = 0.541 + 0.765, ...
// No sum overflows 32 bits: inputs are below 2^14, the factors of an output sum up to 61,500.
template <int kShift>
HWY_INLINE void Pass(int32_t bias, Rows& v) {
  const V32 zero_half = hn::Zero(D32());
  const V32 bias_half = hn::Set(D32(), bias + (1 << (kShift - 1)));
  const Halves zero{zero_half, zero_half};
  const Halves round{bias_half, bias_half};
  const Halves p04 = Pairs(v.r0, v.r4);
  const Halves p26 = Pairs(v.r2, v.r6);
  const Halves p13 = Pairs(v.r1, v.r3);
  const Halves p57 = Pairs(v.r5, v.r7);
  const Halves sum = AddDot(round, p04, 8192, 8192);
  const Halves difference = AddDot(round, p04, 8192, -8192);
  Butterfly<kShift>(AddDot(sum, p26, 10703, 4433),
                    AddDot(AddDot(zero, p13, 11363, 9633), p57, 6437, 2260), v.r0, v.r7);
  Butterfly<kShift>(AddDot(difference, p26, 4433, -10704),
                    AddDot(AddDot(zero, p13, 9633, -2259), p57, -11362, -6436), v.r1, v.r6);
  Butterfly<kShift>(AddDot(difference, p26, -4433, 10704),
                    AddDot(AddDot(zero, p13, 6437, -11362), p57, 2261, 9633), v.r2, v.r5);
  Butterfly<kShift>(AddDot(sum, p26, -10703, -4433),
                    AddDot(AddDot(zero, p13, 2260, -6436), p57, 9633, -11363), v.r3, v.r4);
}

HWY_INLINE V16 Lower32(V16 a, V16 b) {
  const D32 d;
  return hn::BitCast(D16(), hn::InterleaveLower(d, hn::BitCast(d, a), hn::BitCast(d, b)));
}
HWY_INLINE V16 Upper32(V16 a, V16 b) {
  const D32 d;
  return hn::BitCast(D16(), hn::InterleaveUpper(d, hn::BitCast(d, a), hn::BitCast(d, b)));
}
HWY_INLINE V16 Lower64(V16 a, V16 b) {
  const D64 d;
  return hn::BitCast(D16(), hn::InterleaveLower(d, hn::BitCast(d, a), hn::BitCast(d, b)));
}
HWY_INLINE V16 Upper64(V16 a, V16 b) {
  const D64 d;
  return hn::BitCast(D16(), hn::InterleaveUpper(d, hn::BitCast(d, a), hn::BitCast(d, b)));
}

// Transposes the 8 x 8 values in each 128 bits.
HWY_INLINE void Transpose(Rows& v) {
  const D16 d;
  const V16 a0 = hn::InterleaveLower(d, v.r0, v.r1), a1 = hn::InterleaveUpper(d, v.r0, v.r1);
  const V16 a2 = hn::InterleaveLower(d, v.r2, v.r3), a3 = hn::InterleaveUpper(d, v.r2, v.r3);
  const V16 a4 = hn::InterleaveLower(d, v.r4, v.r5), a5 = hn::InterleaveUpper(d, v.r4, v.r5);
  const V16 a6 = hn::InterleaveLower(d, v.r6, v.r7), a7 = hn::InterleaveUpper(d, v.r6, v.r7);
  const V16 b0 = Lower32(a0, a2), b1 = Upper32(a0, a2);
  const V16 b2 = Lower32(a1, a3), b3 = Upper32(a1, a3);
  const V16 b4 = Lower32(a4, a6), b5 = Upper32(a4, a6);
  const V16 b6 = Lower32(a5, a7), b7 = Upper32(a5, a7);
  v.r0 = Lower64(b0, b4);
  v.r1 = Upper64(b0, b4);
  v.r2 = Lower64(b1, b5);
  v.r3 = Upper64(b1, b5);
  v.r4 = Lower64(b2, b6);
  v.r5 = Upper64(b2, b6);
  v.r6 = Lower64(b3, b7);
  v.r7 = Upper64(b3, b7);
}

// In each 128 bits: the eight values of a, then those of b, saturated to u8.
HWY_INLINE V8 PackToBytes(V16 a, V16 b) {
#if HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL
  return V8{_mm512_packus_epi16(a.raw, b.raw)};
#elif HWY_TARGET == HWY_AVX2
  return V8{_mm256_packus_epi16(a.raw, b.raw)};
#elif HWY_TARGET == HWY_SSE4
  return V8{_mm_packus_epi16(a.raw, b.raw)};
#else
  const hn::Half<D8> half;
  static_assert(kBlocks == 1, "one block a vector wherever packing is by halves");
  return hn::Combine(D8(), hn::DemoteTo(half, b), hn::DemoteTo(half, a));
#endif
}

// Two rows each of `a` and `c`, in 64-bit pieces (a row of a block), to four rows of samples.
HWY_INLINE void StoreRows(V8 a, V8 c, uint8_t* out, size_t stride_bytes) {
  const D64 d;
  const V64 a64 = hn::BitCast(d, a);
  const V64 c64 = hn::BitCast(d, c);
  const hn::Half<D8> half;
  const V8 even = hn::BitCast(D8(), hn::ConcatEven(d, c64, a64));
  const V8 odd = hn::BitCast(D8(), hn::ConcatOdd(d, c64, a64));
  hn::StoreU(hn::LowerHalf(half, even), half, out);
  hn::StoreU(hn::LowerHalf(half, odd), half, out + stride_bytes);
  hn::StoreU(hn::UpperHalf(half, even), half, out + 2 * stride_bytes);
  hn::StoreU(hn::UpperHalf(half, odd), half, out + 3 * stride_bytes);
}

// Columns of samples to rows in memory: an 8 x 8 transpose of bytes in each 128 bits.
HWY_INLINE void StoreColumns(const Rows& v, uint8_t* out, size_t stride_bytes) {
  const D8 d;
  const V8 p01 = PackToBytes(v.r0, v.r1), p23 = PackToBytes(v.r2, v.r3);
  const V8 p45 = PackToBytes(v.r4, v.r5), p67 = PackToBytes(v.r6, v.r7);
  const V8 p04 = hn::InterleaveLower(d, p01, p45), p15 = hn::InterleaveUpper(d, p01, p45);
  const V8 p26 = hn::InterleaveLower(d, p23, p67), p37 = hn::InterleaveUpper(d, p23, p67);
  const V8 even0 = hn::InterleaveLower(d, p04, p26), even4 = hn::InterleaveUpper(d, p04, p26);
  const V8 odd0 = hn::InterleaveLower(d, p15, p37), odd4 = hn::InterleaveUpper(d, p15, p37);
  StoreRows(hn::InterleaveLower(d, even0, odd0), hn::InterleaveUpper(d, even0, odd0), out,
            stride_bytes);
  StoreRows(hn::InterleaveLower(d, even4, odd4), hn::InterleaveUpper(d, even4, odd4),
            out + 4 * stride_bytes, stride_bytes);
}

// Coefficients times their factors; products past kMaxProduct are marked in `wild`.
HWY_INLINE V16 Dequantize(V16 coefficients, V16 factors, V16 limits, V16& wild) {
  const D16 d;
  wild = hn::Or(wild, hn::VecFromMask(d, hn::Gt(hn::Abs(coefficients), limits)));
  return hn::Mul(coefficients, factors);
}

#if IMNORM_JPEG_ZIGZAG

// For each place of natural order its place in the zigzag.
struct ZigzagPlaces {
  alignas(64) int16_t of[64];
};
constexpr ZigzagPlaces MakeZigzagPlaces() {
  ZigzagPlaces places{};
  for (int k = 0; k < 64; ++k) places.of[kNaturalOrder.at[k]] = int16_t(k);
  return places;
}
constexpr ZigzagPlaces kZigzagPlaces = MakeZigzagPlaces();

// Four rows of one block each -> one row of four blocks each.
HWY_INLINE void TransposeLanes(V16 a, V16 b, V16 c, V16 d, V16& r0, V16& r1, V16& r2, V16& r3) {
  const __m512i ab01 = _mm512_shuffle_i32x4(a.raw, b.raw, 0x44);
  const __m512i cd01 = _mm512_shuffle_i32x4(c.raw, d.raw, 0x44);
  const __m512i ab23 = _mm512_shuffle_i32x4(a.raw, b.raw, 0xee);
  const __m512i cd23 = _mm512_shuffle_i32x4(c.raw, d.raw, 0xee);
  r0 = V16{_mm512_shuffle_i32x4(ab01, cd01, 0x88)};
  r1 = V16{_mm512_shuffle_i32x4(ab01, cd01, 0xdd)};
  r2 = V16{_mm512_shuffle_i32x4(ab23, cd23, 0x88)};
  r3 = V16{_mm512_shuffle_i32x4(ab23, cd23, 0xdd)};
}

// Rows 4 * half to 4 * half + 3 of a block, dequantised.
HWY_INLINE V16 LoadHalf(const int16_t* block, const Dequantizer& dequantizer, int half, V16& wild) {
  const D16 d;
  const V16 places = hn::Load(d, kZigzagPlaces.of + 32 * half);
  const V16 coefficients{
      _mm512_permutex2var_epi16(hn::LoadU(d, block).raw, places.raw, hn::LoadU(d, block + 32).raw)};
  return Dequantize(coefficients, hn::LoadU(d, dequantizer.factor + 32 * half),
                    hn::LoadU(d, dequantizer.limit + 32 * half), wild);
}

HWY_INLINE Rows LoadRows(const int16_t* const* blocks, const Dequantizer& dequantizer, V16& wild) {
  Rows v;
  TransposeLanes(LoadHalf(blocks[0], dequantizer, 0, wild),
                 LoadHalf(blocks[1], dequantizer, 0, wild),
                 LoadHalf(blocks[2], dequantizer, 0, wild),
                 LoadHalf(blocks[3], dequantizer, 0, wild), v.r0, v.r1, v.r2, v.r3);
  TransposeLanes(LoadHalf(blocks[0], dequantizer, 1, wild),
                 LoadHalf(blocks[1], dequantizer, 1, wild),
                 LoadHalf(blocks[2], dequantizer, 1, wild),
                 LoadHalf(blocks[3], dequantizer, 1, wild), v.r4, v.r5, v.r6, v.r7);
  return v;
}

#else

// Row `row` of kBlocks blocks, dequantised.
HWY_INLINE V16 LoadRow(const int16_t* const* blocks, const Dequantizer& dequantizer, int row,
                       V16& wild) {
  const D16 d;
  const hn::Full128<int16_t> d128;
#if HWY_MAX_BYTES == 16
  const V16 coefficients = hn::LoadU(d128, blocks[0] + 8 * row);
#else
  static_assert(kBlocks == 2);
  const V16 coefficients =
      hn::Combine(d, hn::LoadU(d128, blocks[1] + 8 * row), hn::LoadU(d128, blocks[0] + 8 * row));
#endif
  return Dequantize(coefficients, hn::LoadDup128(d, dequantizer.factor + 8 * row),
                    hn::LoadDup128(d, dequantizer.limit + 8 * row), wild);
}

// Initialised at once: a default constructor would not be compiled for the target on NEON.
HWY_INLINE Rows LoadRows(const int16_t* const* blocks, const Dequantizer& dequantizer, V16& wild) {
  return {LoadRow(blocks, dequantizer, 0, wild), LoadRow(blocks, dequantizer, 1, wild),
          LoadRow(blocks, dequantizer, 2, wild), LoadRow(blocks, dequantizer, 3, wild),
          LoadRow(blocks, dequantizer, 4, wild), LoadRow(blocks, dequantizer, 5, wild),
          LoadRow(blocks, dequantizer, 6, wild), LoadRow(blocks, dequantizer, 7, wild)};
}

#endif

// Sets the sign bit of `wild` where v lies outside -16384 .. 16383: its two top bits differ.
HWY_INLINE V16 MarkWild(V16 v, V16 wild) { return hn::Or(wild, hn::Xor(v, hn::Add(v, v))); }

bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes) {
  const D16 d;
  V16 wild = hn::Zero(d);
  for (int block = 0; block < 4; block += kBlocks, blocks += kBlocks, out += 8 * kBlocks) {
    Rows v = LoadRows(blocks, dequantizer, wild);
    Pass<11>(0, v);
    wild = MarkWild(v.r3, MarkWild(v.r2, MarkWild(v.r1, MarkWild(v.r0, wild))));
    wild = MarkWild(v.r7, MarkWild(v.r6, MarkWild(v.r5, MarkWild(v.r4, wild))));
    Transpose(v);
    Pass<18>(128 << 18, v);  // samples are centred on 128
    StoreColumns(v, out, stride_bytes);
  }
  return hn::AllFalse(d, hn::Lt(wild, hn::Zero(d)));
}

#endif

const uint8_t* CoefficientPlaces() {
#if IMNORM_JPEG_ZIGZAG
  static constexpr uint8_t kSame[64] = {
      0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
      22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
      44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  return kSame;
#else
  return kNaturalOrder.at;
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(TransformBlocks)
bool TransformBlocks(const int16_t* const* blocks, const Dequantizer& dequantizer, uint8_t* out,
                     size_t stride_bytes) {
  return IMNORM_DISPATCH(TransformBlocks)(blocks, dequantizer, out, stride_bytes);
}

Dequantizer MakeDequantizer(const uint16_t* quant) {
  Dequantizer dequantizer;
  for (int i = 0; i < 64; ++i) {
    dequantizer.factor[i] = int16_t(quant[i]);
    dequantizer.limit[i] = int16_t(kMaxProduct / quant[i]);
  }
  return dequantizer;
}

IMNORM_EXPORT(CoefficientPlaces)
const uint8_t* CoefficientPlaces() { return IMNORM_DISPATCH(CoefficientPlaces)(); }

}  // namespace imnorm::jpeg
#endif
