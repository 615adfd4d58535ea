// Histograms of interleaved u8 rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/histogram.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/channels-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

// A core stores to one cache line a cycle, so a counter in memory costs a cycle a sample. Where
// bits of vectors can be counted, a block of pixels becomes 8 bit planes instead: the pixels of one
// value are the AND of a mask of its high and one of its low bits, and a vector has 512 of them.
// Only values from the block's least to its greatest are looked at, 150 on average in photographs,
// which takes half the time.
// Dropped: tables of 65,536 counters of pairs of pixels, 0.75 of the time: half the stores, but
// repeated pairs wait for each other and the tables miss the first cache.
#if HWY_TARGET == HWY_AVX3_DL
using D64 = hn::ScalableTag<uint64_t>;
using V64 = hn::Vec<D64>;
using Lanes = uint64_t[256][8];

constexpr size_t kVectors = 16;  // of a block and channel: two halves of 8
constexpr size_t kBatch = 4;     // blocks
constexpr size_t kBand = 16;     // rows, and
constexpr size_t kStrips = 4;    // vectors of each, that are parted into channels at once
constexpr int kLowBits = 3, kLows = 1 << kLowBits;
static_assert(kVectors * kPixels == HistogramTables::kBlockPixels);

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

// Counts the strips, kPixels wide, of up to kBand rows, but for what makes no block at the end of
// the last one, and adds cross products. Returns how many vectors of each channel it took.
template <int kChannels>
size_t CountStrips(const uint8_t* in, size_t stride, size_t rows, size_t strips,
                   HistogramTables* tables, RowSums* sums) {
  const size_t vectors = rows * strips / kVectors * kVectors;
  if (vectors == 0) return 0;
  const hn::Mask<D8> third[3] = {EveryThird(0), EveryThird(1), EveryThird(2)};
  const __m512i ones = _mm512_set1_epi8(1), flip = _mm512_set1_epi8(-128);
  const V32 zero = hn::Zero(D32());
  V32 sum0 = zero, sum1 = zero, cross01 = zero, cross02 = zero, cross12 = zero;
  HWY_ALIGN uint8_t channel[kChannels][kStrips * kBand * kPixels];
  for (size_t y = 0; y < rows; ++y, in += stride) {
    for (size_t strip = 0; strip < strips; ++strip) {
      // Near pixels have like values, so a block goes down a strip.
      const size_t at = strip * rows + y;
      if (at >= vectors) break;
      V8 v[kChannels];
      LoadChannels<kChannels>(in + strip * kPixels * kChannels, third, v);
      for (int c = 0; c < kChannels; ++c) hn::Store(v[c], D8(), channel[c] + at * kPixels);
      if constexpr (kChannels == 3) {
        // As in sums.cpp: the second factor is taken less 128. No lane overflows in a call.
        const __m512i less1 = _mm512_xor_si512(v[1].raw, flip);
        const __m512i less2 = _mm512_xor_si512(v[2].raw, flip);
        sum0.raw = _mm512_dpbusd_epi32(sum0.raw, v[0].raw, ones);
        sum1.raw = _mm512_dpbusd_epi32(sum1.raw, v[1].raw, ones);
        cross01.raw = _mm512_dpbusd_epi32(cross01.raw, v[0].raw, less1);
        cross02.raw = _mm512_dpbusd_epi32(cross02.raw, v[0].raw, less2);
        cross12.raw = _mm512_dpbusd_epi32(cross12.raw, v[1].raw, less2);
      }
    }
  }
  const int64_t total0 = 128 * Total(sum0), total1 = 128 * Total(sum1);
  sums->cross[0] += uint64_t(Total(cross01) + total0);
  sums->cross[1] += uint64_t(Total(cross02) + total0);
  sums->cross[2] += uint64_t(Total(cross12) + total1);
  // Channel by channel, since the counters of one fill a third of the first cache.
  for (int c = 0; c < kChannels; ++c) CountVectors(channel[c], vectors, tables->lanes[c]);
  return vectors;
}

// Keeps pixels, at most a vector of each channel, until there is a block of them.
template <int kChannels>
void Keep(const uint8_t* in, size_t bytes, HistogramTables* tables, RowSums* sums) {
  constexpr size_t kStep = kPixels * kChannels;
  // GCC makes `rep movs` of a short memcpy, which costs more than counting the pixels.
  const D8 d;
  for (size_t i = 0; i < bytes; i += kPixels) {
    const auto there = hn::FirstN(d, bytes - i < kPixels ? bytes - i : kPixels);
    hn::StoreU(hn::MaskedLoad(there, d, in + i), d, tables->rest + tables->rest_bytes + i);
  }
  tables->rest_bytes += bytes;
  if (tables->rest_bytes < kVectors * kStep) return;
  CountStrips<kChannels>(tables->rest, kStep, kVectors, 1, tables, sums);
  tables->rest_bytes -= kVectors * kStep;
  for (size_t i = 0; i < kStep; i += kPixels) {
    hn::StoreU(hn::LoadU(d, tables->rest + kVectors * kStep + i), d, tables->rest + i);
  }
}

template <int kChannels>
void AddBand(const uint8_t* in, size_t stride, size_t rows, size_t pixels, HistogramTables* tables,
             RowSums* sums) {
  constexpr size_t kStep = kPixels * kChannels;
  const size_t all = pixels / kPixels, tail = pixels % kPixels * kChannels;
  for (size_t left = 0; left < all; left += kStrips) {
    const size_t strips = all - left < kStrips ? all - left : kStrips;
    const uint8_t* from = in + left * kStep;
    size_t at = CountStrips<kChannels>(from, stride, rows, strips, tables, sums);
    for (; at < rows * strips; ++at) {
      Keep<kChannels>(from + at % rows * stride + at / rows * kStep, kStep, tables, sums);
    }
  }
  for (size_t y = 0; y < rows && tail > 0; ++y) {
    Keep<kChannels>(in + y * stride + all * kStep, tail, tables, sums);
  }
}

template <int kChannels>
void AddRows(const uint8_t* in, size_t stride, size_t rows, size_t pixels, HistogramTables* tables,
             RowSums* sums) {
  tables->lanes_used = true;
  for (; rows > 0; in += kBand * stride) {
    const size_t band = rows < kBand ? rows : kBand;
    AddBand<kChannels>(in, stride, band, pixels, tables, sums);
    rows -= band;
  }
}
#else
// Neighbouring pixels are alike: counting them in one table would make each increment wait for
// the store of the one before. Pixel x counts in table x % 4.
template <int kChannels>
void AddRows(const uint8_t* in, size_t stride, size_t rows, size_t pixels, HistogramTables* tables,
             RowSums* sums) {
  if constexpr (kChannels == 3) AddCross(in, stride, int(rows), pixels, sums);
  tables->counts_used = true;
  auto* counts = tables->counts;
  for (size_t y = 0; y < rows; ++y, in += stride) {
    const uint8_t* p = in;
    size_t x = 0;
    for (; x + 4 <= pixels; x += 4, p += 4 * kChannels) {
      for (int t = 0; t < 4; ++t) {
        for (int c = 0; c < kChannels; ++c) ++counts[t][c][p[t * kChannels + c]];
      }
    }
    for (; x < pixels; ++x, p += kChannels) {
      for (int c = 0; c < kChannels; ++c) ++counts[x % 4][c][p[c]];
    }
  }
}
#endif

void AddHistogramRows(const uint8_t* in, size_t stride, size_t rows, size_t pixels, int channels,
                      HistogramTables* tables, RowSums* sums) {
  if (channels == 1) return AddRows<1>(in, stride, rows, pixels, tables, sums);
  AddRows<3>(in, stride, rows, pixels, tables, sums);
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(AddHistogramRows)

namespace {

uint64_t LanesOf(const uint64_t (*lanes)[8], int value) {
  const auto total = [&](int v) {
    const uint64_t* lane = lanes[v];
    return lane[0] + lane[1] + lane[2] + lane[3] + lane[4] + lane[5] + lane[6] + lane[7];
  };
  uint64_t count = total(value);
  for (int v = value & ~7; v < value && value % 8 == 7; ++v) count -= total(v);
  return count;
}

}  // namespace

void AddHistogram(const uint8_t* in, size_t stride_bytes, int rows, size_t pixels, int channels,
                  HistogramTables* tables, RowSums* sums) {
  const auto add = IMNORM_DISPATCH(AddHistogramRows);
  add(in, stride_bytes, size_t(rows), pixels, channels, tables, sums);
}

void FlushHistogram(HistogramTables* tables, int channels, uint64_t* histogram, RowSums* sums) {
  const auto add = [&](const auto& count) {
    for (int c = 0; c < channels; ++c) {
      for (int v = 0; v < 256; ++v) histogram[c * 256 + v] += count(c, v);
    }
  };
  if (tables->lanes_used) {
    add([&](int c, int v) { return LanesOf(tables->lanes[c], v); });
    const size_t pixels = tables->rest_bytes / size_t(channels);
    reference::AddHistogram(tables->rest, pixels, channels, histogram);
    if (channels == 3) AddCross(tables->rest, 0, 1, pixels, sums);
  }
  if (tables->counts_used) {
    const auto& t = tables->counts;
    add([&](int c, int v) { return uint64_t{t[0][c][v]} + t[1][c][v] + t[2][c][v] + t[3][c][v]; });
  }
  ClearHistogram(tables);
}

void ClearHistogram(HistogramTables* tables) {
  if (tables->lanes_used) std::memset(tables->lanes, 0, sizeof tables->lanes);
  if (tables->counts_used) std::memset(tables->counts, 0, sizeof tables->counts);
  tables->rest_bytes = 0;
  tables->lanes_used = tables->counts_used = false;
}

}  // namespace imnorm::kernels
#endif
