// Sums, sums of squares, cross products, minima and maxima of interleaved u8 rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/sums.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/block_ops-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
// Vectors before 32-bit lanes are emptied: a lane takes at most 4 * 255 * 255 from each.
constexpr int kMaxVectors = 8192;
constexpr size_t kPixels = kVectorBytes;  // at a time: a vector a channel

constexpr int Pairs(int channels) { return channels >= 3 ? 3 : 0; }
constexpr int kFirst[3] = {0, 0, 1}, kSecond[3] = {1, 2, 2};

template <int kChannels>
struct Lanes {
  V32 sum[kChannels];
  V32 squares[kChannels];
  V32 cross[3];
  V8 min[kChannels];
  V8 max[kChannels];
};

template <int kChannels>
HWY_INLINE void Clear(Lanes<kChannels>* lanes) {
  for (int c = 0; c < kChannels; ++c) lanes->sum[c] = lanes->squares[c] = hn::Zero(D32());
  for (int p = 0; p < Pairs(kChannels); ++p) lanes->cross[p] = hn::Zero(D32());
}

#if HWY_TARGET == HWY_AVX3_DL
// Byte i of channel c of 192 interleaved bytes: which of 128 (the first two vectors), or of 64.
struct Take3 {
  uint8_t low[3][64];
  uint8_t high[3][64];
  uint64_t from_high[3];
};
constexpr Take3 MakeTake3() {
  Take3 take{};
  for (int c = 0; c < 3; ++c) {
    for (int i = 0; i < 64; ++i) {
      const int at = 3 * i + c;
      if (at < 128) {
        take.low[c][i] = uint8_t(at);
      } else {
        take.high[c][i] = uint8_t(at - 128);
        take.from_high[c] |= uint64_t{1} << i;
      }
    }
  }
  return take;
}
alignas(64) constexpr Take3 kTake3 = MakeTake3();
#endif

template <int kChannels>
HWY_INLINE void LoadChannels(const uint8_t* in, V8* v) {
  const D8 d;
  if constexpr (kChannels == 1) v[0] = hn::LoadU(d, in);
  if constexpr (kChannels == 2) hn::LoadInterleaved2(d, in, v[0], v[1]);
#if HWY_TARGET == HWY_AVX3_DL
  if constexpr (kChannels == 3) {
    const __m512i a = _mm512_loadu_si512(in);
    const __m512i b = _mm512_loadu_si512(in + 64);
    const __m512i e = _mm512_loadu_si512(in + 128);
    for (int c = 0; c < 3; ++c) {
      const __m512i ab = _mm512_permutex2var_epi8(a, _mm512_load_si512(kTake3.low[c]), b);
      v[c].raw = _mm512_mask_permutexvar_epi8(ab, kTake3.from_high[c],
                                              _mm512_load_si512(kTake3.high[c]), e);
    }
  }
#else
  if constexpr (kChannels == 3) hn::LoadInterleaved3(d, in, v[0], v[1], v[2]);
#endif
  if constexpr (kChannels == 4) hn::LoadInterleaved4(d, in, v[0], v[1], v[2], v[3]);
}

// Adds a vector of each channel.
template <int kChannels>
HWY_INLINE void AddVectors(const V8* v, Lanes<kChannels>* lanes) {
#if HWY_TARGET == HWY_AVX3_DL
  // u8 times s8: the second factor is taken less 128, which Flush gives back from the plain sums.
  const __m512i ones = _mm512_set1_epi8(1), flip = _mm512_set1_epi8(-128);
  __m512i less[kChannels];
  for (int c = 0; c < kChannels; ++c) less[c] = _mm512_xor_si512(v[c].raw, flip);
  for (int c = 0; c < kChannels; ++c) {
    lanes->sum[c].raw = _mm512_dpbusd_epi32(lanes->sum[c].raw, v[c].raw, ones);
    lanes->squares[c].raw = _mm512_dpbusd_epi32(lanes->squares[c].raw, v[c].raw, less[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    lanes->cross[p].raw =
        _mm512_dpbusd_epi32(lanes->cross[p].raw, v[kFirst[p]].raw, less[kSecond[p]]);
  }
#else
  const D8 d8;
  const D16 d16;
  const D32 d32;
  const V8 zero = hn::Zero(d8);
  V16 low[kChannels], high[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    low[c] = hn::BitCast(d16, hn::InterleaveLower(d8, v[c], zero));
    high[c] = hn::BitCast(d16, hn::InterleaveUpper(d8, v[c], zero));
    lanes->sum[c] = hn::Add(lanes->sum[c], hn::BitCast(d32, hn::SumsOf8(v[c])));
    lanes->squares[c] = AddPairProducts(lanes->squares[c], low[c], low[c]);
    lanes->squares[c] = AddPairProducts(lanes->squares[c], high[c], high[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    lanes->cross[p] = AddPairProducts(lanes->cross[p], low[kFirst[p]], low[kSecond[p]]);
    lanes->cross[p] = AddPairProducts(lanes->cross[p], high[kFirst[p]], high[kSecond[p]]);
  }
#endif
}

// The lanes' total. They are signed on AVX3_DL; elsewhere below 1 << 31.
HWY_INLINE int64_t Total(V32 v) {
  HWY_ALIGN int32_t lanes[kVectorBytes / 4];
  hn::Store(v, D32(), lanes);
  int64_t total = 0;
  for (const int32_t lane : lanes) total += lane;
  return total;
}

template <int kChannels>
HWY_INLINE void Flush(Lanes<kChannels>* lanes, RowSums* sums) {
  const int64_t less = HWY_TARGET == HWY_AVX3_DL ? 128 : 0;
  int64_t sum[kChannels];
  for (int c = 0; c < kChannels; ++c) {
    sum[c] = Total(lanes->sum[c]);
    sums->sum[c] += uint64_t(sum[c]);
    sums->sum_squares[c] += uint64_t(Total(lanes->squares[c]) + less * sum[c]);
  }
  for (int p = 0; p < Pairs(kChannels); ++p) {
    sums->cross[p] += uint64_t(Total(lanes->cross[p]) + less * sum[kFirst[p]]);
  }
  Clear(lanes);
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

template <int kChannels>
void AddRows(const uint8_t* in, size_t stride, int rows, size_t pixels, RowSums* sums) {
  const D8 d;
  Lanes<kChannels> lanes;
  Clear(&lanes);
  for (int c = 0; c < kChannels; ++c) {
    lanes.min[c] = hn::Set(d, 255);
    lanes.max[c] = hn::Zero(d);
  }
  int until_flush = kMaxVectors;
  V8 v[kChannels];
  for (int y = 0; y < rows; ++y, in += stride) {
    size_t x = 0;
    while (x + kPixels <= pixels) {
      const size_t fit = (pixels - x) / kPixels;
      const size_t run = fit < size_t(until_flush) ? fit : size_t(until_flush);
      const uint8_t* from = in + x * kChannels;
      for (size_t i = 0; i < run; ++i, from += kPixels * kChannels) {
        LoadChannels<kChannels>(from, v);
        AddVectors<kChannels>(v, &lanes);
        for (int c = 0; c < kChannels; ++c) {
          lanes.min[c] = hn::Min(lanes.min[c], v[c]);
          lanes.max[c] = hn::Max(lanes.max[c], v[c]);
        }
      }
      x += run * kPixels;
      until_flush -= int(run);
      if (until_flush == 0) {
        Flush(&lanes, sums);
        until_flush = kMaxVectors;
      }
    }
    if (x == pixels) continue;
    // Tail: a copy padded with 0 adds nothing; for the minimum, one padded with 255.
    HWY_ALIGN uint8_t padded[kPixels * kChannels];
    const size_t bytes = (pixels - x) * kChannels;
    std::memset(padded, 0, sizeof padded);
    std::memcpy(padded, in + x * kChannels, bytes);
    LoadChannels<kChannels>(padded, v);
    AddVectors<kChannels>(v, &lanes);
    for (int c = 0; c < kChannels; ++c) lanes.max[c] = hn::Max(lanes.max[c], v[c]);
    std::memset(padded + bytes, 255, sizeof padded - bytes);
    LoadChannels<kChannels>(padded, v);
    for (int c = 0; c < kChannels; ++c) lanes.min[c] = hn::Min(lanes.min[c], v[c]);
    if (--until_flush == 0) {
      Flush(&lanes, sums);
      until_flush = kMaxVectors;
    }
  }
  Flush(&lanes, sums);
  for (int c = 0; c < kChannels; ++c) {
    const uint8_t least = Least(lanes.min[c]);
    const uint8_t most = uint8_t(~Least(hn::Not(lanes.max[c])));
    if (least < sums->min[c]) sums->min[c] = least;
    if (most > sums->max[c]) sums->max[c] = most;
  }
}

void AddSumsRows(const uint8_t* in, size_t stride, int rows, size_t pixels, int channels,
                 RowSums* sums) {
  if (pixels == 0 || rows <= 0) return;
  switch (channels) {
    case 1:
      return AddRows<1>(in, stride, rows, pixels, sums);
    case 2:
      return AddRows<2>(in, stride, rows, pixels, sums);
    case 3:
      return AddRows<3>(in, stride, rows, pixels, sums);
    default:
      return AddRows<4>(in, stride, rows, pixels, sums);
  }
}
#else
void AddSumsRows(const uint8_t* in, size_t stride, int rows, size_t pixels, int channels,
                 RowSums* sums) {
  for (int y = 0; y < rows; ++y) {
    reference::AddSums(in + size_t(y) * stride, pixels, channels, sums);
  }
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(AddSumsRows)

void AddSums(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, int channels,
             RowSums* sums) {
  IMNORM_DISPATCH(AddSumsRows)(in, stride_bytes, rows, pixels, channels, sums);
}

void AddSums(const uint8_t* in, size_t pixels, int channels, RowSums* sums) {
  IMNORM_DISPATCH(AddSumsRows)(in, 0, 1, pixels, channels, sums);
}

}  // namespace imnorm::kernels
#endif
