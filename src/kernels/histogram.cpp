// Histograms of interleaved u8 rows.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/histogram.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/bit_planes-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX3_DL
constexpr size_t kBand = 16;   // rows, and
constexpr size_t kStrips = 4;  // vectors of each, that are parted into channels at once
static_assert(kVectors * kPixels == HistogramTables::kBlockPixels);

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

// The last of 8 values has all of them, see CountPlanes.
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
