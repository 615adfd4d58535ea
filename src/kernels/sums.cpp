// Sums, sums of squares, cross products, minima and maxima of interleaved u8 rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sums.cpp"
#include <hwy/cache_control.h>
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/channels-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
// Vectors before 32-bit lanes are emptied: a lane takes at most 4 * 255 * 255 from each.
constexpr int kMaxVectors = 8192;
constexpr size_t kAhead = 4096;  // bytes to prefetch ahead

constexpr int Pairs(int channels) { return channels >= 3 ? 3 : 0; }

// What is summed: all, or cross products alone where a histogram tells the rest.
enum class Terms { kAll, kCross };
// On AVX3_DL plain sums correct the products.
constexpr bool HasSums(Terms terms) { return terms == Terms::kAll || HWY_TARGET == HWY_AVX3_DL; }
constexpr int kFirst[3] = {0, 0, 1}, kSecond[3] = {1, 2, 2};

// Adds a vector of each channel.
template <int kChannels, Terms kTerms>
HWY_INLINE void AddVectors(const V8* HWY_RESTRICT v, V32* HWY_RESTRICT sum,
                           V32* HWY_RESTRICT squares, V32* HWY_RESTRICT cross) {
#if HWY_TARGET == HWY_AVX3_DL
  // u8 times s8: the second factor is taken less 128, which Flush gives back from the plain sums.
  const __m512i ones = _mm512_set1_epi8(1), flip = _mm512_set1_epi8(-128);
  __m512i less[kChannels];
  for (int c = 0; c < kChannels; ++c) less[c] = _mm512_xor_si512(v[c].raw, flip);
  for (int c = 0; c < kChannels; ++c) {
    sum[c].raw = _mm512_dpbusd_epi32(sum[c].raw, v[c].raw, ones);
    if constexpr (kTerms == Terms::kCross) continue;
    squares[c].raw = _mm512_dpbusd_epi32(squares[c].raw, v[c].raw, less[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    cross[p].raw = _mm512_dpbusd_epi32(cross[p].raw, v[kFirst[p]].raw, less[kSecond[p]]);
  }
#else
  const D16 d16;
  const D32 d32;
  const hn::RebindToUnsigned<D16> du16;
  V16 even[kChannels], odd[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    const auto bytes = hn::BitCast(du16, v[c]);
    even[c] = hn::BitCast(d16, hn::And(bytes, hn::Set(du16, 0xFF)));
    odd[c] = hn::BitCast(d16, hn::ShiftRight<8>(bytes));
    if constexpr (kTerms == Terms::kCross) continue;
    sum[c] = hn::Add(sum[c], hn::BitCast(d32, hn::SumsOf8(v[c])));
    squares[c] = AddPairProducts(squares[c], even[c], even[c]);
    squares[c] = AddPairProducts(squares[c], odd[c], odd[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    cross[p] = AddPairProducts(cross[p], even[kFirst[p]], even[kSecond[p]]);
    cross[p] = AddPairProducts(cross[p], odd[kFirst[p]], odd[kSecond[p]]);
  }
#endif
}

template <int kChannels>
HWY_INLINE void Clear(V32* HWY_RESTRICT sum, V32* HWY_RESTRICT squares, V32* HWY_RESTRICT cross) {
  for (int c = 0; c < kChannels; ++c) sum[c] = squares[c] = hn::Zero(D32());
  for (int p = 0; p < 3; ++p) cross[p] = hn::Zero(D32());
}

template <int kChannels, Terms kTerms>
void Flush(V32* HWY_RESTRICT sum, V32* HWY_RESTRICT squares, V32* HWY_RESTRICT cross,
           RowSums* sums) {
  const int64_t less = HWY_TARGET == HWY_AVX3_DL ? 128 : 0;
  int64_t total[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    total[c] = HasSums(kTerms) ? Total(sum[c]) : 0;
    if constexpr (kTerms == Terms::kCross) continue;
    sums->sum[c] += uint64_t(total[c]);
    sums->sum_squares[c] += uint64_t(Total(squares[c]) + less * total[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    sums->cross[p] += uint64_t(Total(cross[p]) + less * total[kFirst[p]]);
  }
  Clear<kChannels>(sum, squares, cross);
}

HWY_INLINE uint8_t Least(V8 v) {
  // 16-bit lanes hold the smaller of their bytes, then shuffles within a block halve it.
  HWY_ALIGN uint8_t bytes[kVectorBytes];
  const D8 d8;
  const hn::Repartition<uint64_t, D8> d64;
  const hn::Repartition<uint32_t, D8> d32;
  const hn::Repartition<uint16_t, D8> d16;
  v = hn::Min(v, hn::BitCast(d8, hn::ShiftRight<32>(hn::BitCast(d64, v))));
  v = hn::Min(v, hn::BitCast(d8, hn::ShiftRight<16>(hn::BitCast(d32, v))));
  v = hn::Min(v, hn::BitCast(d8, hn::ShiftRight<8>(hn::BitCast(d16, v))));
  hn::Store(v, d8, bytes);
  uint8_t least = bytes[0];
  for (int i = 8; i < kVectorBytes; i += 8) least = bytes[i] < least ? bytes[i] : least;
  return least;
}

// Adds `run` vectors of each channel. Works on copies: arrays whose address goes elsewhere are kept
// in memory by GCC, and storing them every time halves the speed.
template <int kChannels, Terms kTerms>
HWY_INLINE void AddRun(const uint8_t* from, size_t run, const hn::Mask<D8>* HWY_RESTRICT third,
                       V32* HWY_RESTRICT sum, V32* HWY_RESTRICT squares, V32* HWY_RESTRICT cross,
                       V8* HWY_RESTRICT min, V8* HWY_RESTRICT max) {
  V32 s[kChannels], q[kChannels], p[3];
  V8 v[kChannels], low[kChannels], high[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    s[c] = sum[c];
    q[c] = squares[c];
    low[c] = min[c];
    high[c] = max[c];
  }
  for (int i = 0; i < 3; ++i) p[i] = cross[i];
  for (size_t i = 0; i < run; ++i, from += kPixels * kChannels) {
    // Beyond the caches the hardware's own prefetch stops at each page.
    for (size_t line = 0; line < kPixels * kChannels; line += 64) {
      hwy::Prefetch(from + kAhead + line);
    }
    LoadChannels<kChannels>(from, third, v);
    AddVectors<kChannels, kTerms>(v, s, q, p);
    for (int c = 0; c < kChannels && kTerms == Terms::kAll; ++c) {
      low[c] = hn::Min(low[c], v[c]);
      high[c] = hn::Max(high[c], v[c]);
    }
  }
  for (int c = 0; c < kChannels; ++c) {
    sum[c] = s[c];
    squares[c] = q[c];
    min[c] = low[c];
    max[c] = high[c];
  }
  for (int i = 0; i < 3; ++i) cross[i] = p[i];
}

template <int kChannels, Terms kTerms>
void AddRows(const uint8_t* in, size_t stride, int rows, size_t pixels, RowSums* sums) {
  const D8 d;
  V32 sum[kChannels], squares[kChannels], cross[3];
  V8 v[kChannels], min[kChannels], max[kChannels];
  Clear<kChannels>(sum, squares, cross);
  for (int c = 0; c < kChannels; ++c) {
    min[c] = hn::Set(d, 255);
    max[c] = hn::Zero(d);
  }
  const hn::Mask<D8> third[3] = {EveryThird(0), EveryThird(1), EveryThird(2)};
  int until_flush = kMaxVectors;
  for (int y = 0; y < rows; ++y, in += stride) {
    size_t x = 0;
    while (x + kPixels <= pixels) {
      const size_t fit = (pixels - x) / kPixels;
      const size_t run = fit < size_t(until_flush) ? fit : size_t(until_flush);
      const uint8_t* from = in + x * kChannels;
      AddRun<kChannels, kTerms>(from, run, third, sum, squares, cross, min, max);
      x += run * kPixels;
      until_flush -= int(run);
      if (until_flush == 0) {
        Flush<kChannels, kTerms>(sum, squares, cross, sums);
        until_flush = kMaxVectors;
      }
    }
    if (x == pixels) continue;
    // Tail: a copy padded with 0 adds nothing; for the minimum, one padded with 255.
    HWY_ALIGN uint8_t padded[kPixels * kChannels];
    const size_t bytes = (pixels - x) * kChannels;
    std::memset(padded, 0, sizeof padded);
    std::memcpy(padded, in + x * kChannels, bytes);
    LoadChannels<kChannels>(padded, third, v);
    AddVectors<kChannels, kTerms>(v, sum, squares, cross);
    if constexpr (kTerms == Terms::kAll) {
      for (int c = 0; c < kChannels; ++c) max[c] = hn::Max(max[c], v[c]);
      std::memset(padded + bytes, 255, sizeof padded - bytes);
      LoadChannels<kChannels>(padded, third, v);
      for (int c = 0; c < kChannels; ++c) min[c] = hn::Min(min[c], v[c]);
    }
    if (--until_flush == 0) {
      Flush<kChannels, kTerms>(sum, squares, cross, sums);
      until_flush = kMaxVectors;
    }
  }
  Flush<kChannels, kTerms>(sum, squares, cross, sums);
  for (int c = 0; c < kChannels && kTerms == Terms::kAll; ++c) {
    const uint8_t least = Least(min[c]);
    const uint8_t most = uint8_t(~Least(hn::Not(max[c])));
    if (least < sums->min[c]) sums->min[c] = least;
    if (most > sums->max[c]) sums->max[c] = most;
  }
}

void AddSumsRows(const uint8_t* in, size_t stride, int rows, size_t pixels, int channels,
                 RowSums* sums) {
  if (pixels == 0 || rows <= 0) return;
  switch (channels) {
    case 1:
      return AddRows<1, Terms::kAll>(in, stride, rows, pixels, sums);
    case 2:
      return AddRows<2, Terms::kAll>(in, stride, rows, pixels, sums);
    case 3:
      return AddRows<3, Terms::kAll>(in, stride, rows, pixels, sums);
    default:
      return AddRows<4, Terms::kAll>(in, stride, rows, pixels, sums);
  }
}

void AddCrossRows(const uint8_t* in, size_t stride, int rows, size_t pixels, RowSums* sums) {
  if (pixels == 0 || rows <= 0) return;
  AddRows<3, Terms::kCross>(in, stride, rows, pixels, sums);
}
#else
void AddSumsRows(const uint8_t* in, size_t stride, int rows, size_t pixels, int channels,
                 RowSums* sums) {
  for (int y = 0; y < rows; ++y) {
    reference::AddSums(in + size_t(y) * stride, pixels, channels, sums);
  }
}

void AddCrossRows(const uint8_t* in, size_t stride, int rows, size_t pixels, RowSums* sums) {
  RowSums all;
  AddSumsRows(in, stride, rows, pixels, 3, &all);
  for (int p = 0; p < 3; ++p) sums->cross[p] += all.cross[p];
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(AddSumsRows)
IMNORM_EXPORT(AddCrossRows)

void AddSums(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, int channels,
             RowSums* sums) {
  IMNORM_DISPATCH(AddSumsRows)(in, stride_bytes, rows, pixels, channels, sums);
}

void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums) {
  IMNORM_DISPATCH(AddSumsRows)(in, 0, 1, pixels, channels, sums);
}

void AddCross(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, RowSums* sums) {
  IMNORM_DISPATCH(AddCrossRows)(in, stride_bytes, rows, pixels, sums);
}

}  // namespace imnorm::kernels
#endif
