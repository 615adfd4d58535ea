// The horizontal pass: shuffled samples times split weights, several rows at a time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/resample.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/block_ops-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"
#include "kernels/resample_layout.h"
#include "kernels/resize.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
// What the kernels read of a PreparedColumns, and the rows.
struct Pass {
  const uint8_t* steps;
  const int32_t* step_begin;
  const int32_t* offsets;
  const int32_t* halves;
  size_t out_bytes;
  int channels;
  int precision;  // of short weights
  const uint8_t* in;
  size_t in_stride;
  uint8_t* out;
  size_t out_stride;
};

constexpr int kPrecisionBits = AxisWeights::kPillowPrecision;

// The rounding half and the shift that end a sum. Short weights have a precision of their own.
template <bool kShort>
HWY_INLINE int32_t RoundingHalf(const Pass& pass) {
  return 1 << ((kShort ? pass.precision : kPrecisionBits) - 1);
}
template <bool kShort>
HWY_INLINE V32 ShiftDown(const Pass& pass, V32 sum) {
  if (kShort) return hn::ShiftRightSame(sum, pass.precision);
  return hn::ShiftRight<kPrecisionBits>(sum);
}

// Sums of one output vector for kRows rows: out[r] = clip-ready values, before narrowing.
//
// The two halves of a weight are summed apart and joined modulo 1 << 32, which is exact since the
// plain sum fits 32 bits: |weights| of an output add up to less than 1.5 << 22, times 255.
// A short weight has no high half.
template <bool kShort, int kRows>
HWY_INLINE void SumVector(const Pass& pass, int vector, V32* HWY_RESTRICT out) {
  const D8 d8;
  const D16 d16;
  const D32 d32;
#if HWY_TARGET == HWY_AVX3_DL
  V32 high[kRows], middle[kRows], low[kRows];
  for (int r = 0; r < kRows; ++r) {
    high[r] = middle[r] = hn::Zero(d32);
    low[r] = hn::Set(d32, RoundingHalf<kShort>(pass));
  }
  constexpr size_t kParts = kShort ? 2 : 3;
  constexpr size_t kStep = (1 + kParts) * kVectorBytes;
  const uint8_t* step = pass.steps + size_t(pass.step_begin[vector]) * kStep;
  for (int s = pass.step_begin[vector]; s < pass.step_begin[vector + 1]; ++s, step += kStep) {
    const V8 shuffle = hn::LoadU(d8, step);
    const __m512i w2 = hn::LoadU(d8, step + kVectorBytes).raw;  // unused where weights are short
    const __m512i w1 = hn::LoadU(d8, step + (kParts - 1) * kVectorBytes).raw;
    const __m512i w0 = hn::LoadU(d8, step + kParts * kVectorBytes).raw;
    for (int r = 0; r < kRows; ++r) {
      const __m512i x =
          hn::TableLookupBytesOr0(
              LoadBlocks(pass.in + size_t(r) * pass.in_stride, pass.offsets + 4 * s), shuffle)
              .raw;
      if (!kShort) high[r].raw = _mm512_dpbusd_epi32(high[r].raw, x, w2);
      middle[r].raw = _mm512_dpbusd_epi32(middle[r].raw, x, w1);
      low[r].raw = _mm512_dpbusd_epi32(low[r].raw, x, w0);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    const V32 upper = kShort ? middle[r] : hn::Add(hn::ShiftLeft<8>(high[r]), middle[r]);
    out[r] = hn::Add(hn::ShiftLeft<8>(upper), low[r]);
  }
#else
  V32 high[kRows], low[kRows];
  for (int r = 0; r < kRows; ++r) {
    high[r] = hn::Zero(d32);
    low[r] = hn::Set(d32, RoundingHalf<kShort>(pass));
  }
  constexpr size_t kHalf = (kShort ? 2 : 3) * kVectorBytes;
  const uint8_t* step = pass.steps + size_t(pass.step_begin[vector]) * 2 * kHalf;
  for (int s = pass.step_begin[vector]; s < pass.step_begin[vector + 1]; ++s, step += 2 * kHalf) {
    V8 x[kRows];
    for (int r = 0; r < kRows; ++r) {
      x[r] = LoadBlocks(pass.in + size_t(r) * pass.in_stride, pass.offsets + 4 * s);
    }
    const int used = pass.halves[vector] - 2 * (s - pass.step_begin[vector]);
    for (int half = 0; half < (used < 2 ? used : 2); ++half) {
      const uint8_t* at = step + size_t(half) * kHalf;
      V8 shuffle = hn::LoadU(d8, at);
      V16 w_low = hn::BitCast(d16, hn::LoadU(d8, at + kVectorBytes));
      V16 w_high = kShort ? w_low : hn::BitCast(d16, hn::LoadU(d8, at + 2 * kVectorBytes));
#if HWY_TARGET == HWY_AVX2
      // Else GCC loads them again for each row, and loads are what this loop waits for.
      asm("" : "+x"(shuffle.raw), "+x"(w_low.raw), "+x"(w_high.raw));
#endif
      for (int r = 0; r < kRows; ++r) {
        const V16 pairs = hn::BitCast(d16, hn::TableLookupBytesOr0(x[r], shuffle));
        low[r] = AddPairProducts(low[r], pairs, w_low);
        if (!kShort) high[r] = AddPairProducts(high[r], pairs, w_high);
      }
    }
  }
  for (int r = 0; r < kRows; ++r) {
    out[r] = kShort ? low[r] : hn::Add(hn::ShiftLeft<16>(high[r]), low[r]);
  }
#endif
}

// kPacked: the 4 vectors of a unit narrow to consecutive output bytes.
template <bool kShort, int kRows>
void PackedRows(const Pass& pass) {
  const D8 d8;
  for (size_t at = 0, unit = 0; at < pass.out_bytes; at += kVectorBytes, ++unit) {
    V32 sums[4][kRows];
    for (int part = 0; part < 4; ++part) {
      SumVector<kShort, kRows>(pass, int(unit) * 4 + part, sums[part]);
    }
    for (int r = 0; r < kRows; ++r) {
      const V8 bytes =
          NarrowBlocks(ShiftDown<kShort>(pass, sums[0][r]), ShiftDown<kShort>(pass, sums[1][r]),
                       ShiftDown<kShort>(pass, sums[2][r]), ShiftDown<kShort>(pass, sums[3][r]));
      uint8_t* out = pass.out + size_t(r) * pass.out_stride + at;
      if (at + kVectorBytes <= pass.out_bytes) {
        hn::StoreU(bytes, d8, out);
      } else {
        HWY_ALIGN uint8_t last[kVectorBytes];
        hn::Store(bytes, d8, last);
        std::memcpy(out, last, pass.out_bytes - at);
      }
    }
  }
}

// Lane l of block b of the result: the sum of the lanes of block b of v[l].
HWY_INLINE V32 SumLanes(const V32 (&v)[4]) {
  const D32 d32;
  const hn::Repartition<int64_t, D32> d64;
  const V32 a = hn::Add(hn::InterleaveLower(d32, v[0], v[1]), hn::InterleaveUpper(d32, v[0], v[1]));
  const V32 b = hn::Add(hn::InterleaveLower(d32, v[2], v[3]), hn::InterleaveUpper(d32, v[2], v[3]));
  const auto a64 = hn::BitCast(d64, a), b64 = hn::BitCast(d64, b);
  return hn::Add(hn::BitCast(d32, hn::InterleaveLower(d64, a64, b64)),
                 hn::BitCast(d32, hn::InterleaveUpper(d64, a64, b64)));
}

// Stores `count` pixels that lie four to a block; `room` bytes are left in the row. Whole units are
// stored by overlapping blocks, each next one over the rest of the one before.
HWY_INLINE void StorePixels(V8 pixels, size_t count, size_t channels, size_t room, uint8_t* out) {
  const D8 d8;
  HWY_ALIGN uint8_t bytes[kVectorBytes];
  hn::Store(pixels, d8, bytes);
  if (room >= 4 * channels * (kBlocks - 1) + 16) {
    for (size_t b = 0; b < kBlocks; ++b) std::memcpy(out + b * 4 * channels, bytes + 16 * b, 16);
    return;
  }
  for (size_t b = 0; 4 * b < count; ++b) {
    const size_t in_block = count - 4 * b < 4 ? count - 4 * b : 4;
    std::memcpy(out + b * 4 * channels, bytes + 16 * b, in_block * channels);
  }
}

// kSpread: a block a pixel; each lane a channel, or for one channel some of its taps.
template <bool kShort, int kRows>
void SpreadRows(const Pass& pass) {
  const D8 d8;
  const D32 d32;
  const size_t channels = size_t(pass.channels);
  const size_t pixels = pass.out_bytes / channels;
  constexpr size_t kUnit = 4 * kBlocks;
  // Four pixels of 4 lanes to the front of their block, without the lanes beyond `channels`.
  HWY_ALIGN uint8_t close_up_bytes[16];
  for (size_t i = 0; i < 16; ++i) {
    close_up_bytes[i] = i < 4 * channels ? uint8_t(i / channels * 4 + i % channels) : uint8_t{0x80};
  }
  const V8 close_up = hn::LoadDup128(d8, close_up_bytes);
  for (size_t at = 0, unit = 0; at < pixels; at += kUnit, ++unit) {
    V32 sums[kRows][4];
    for (int part = 0; part < 4; ++part) {
      V32 vector[kRows];
      SumVector<kShort, kRows>(pass, int(unit) * 4 + part, vector);
      for (int r = 0; r < kRows; ++r) sums[r][part] = vector[r];
    }
    const size_t count = pixels - at < kUnit ? pixels - at : kUnit;
    for (int r = 0; r < kRows; ++r) {
      uint8_t* out = pass.out + size_t(r) * pass.out_stride + at * channels;
      if (channels == 1) {
        HWY_ALIGN uint8_t bytes[kVectorBytes];
        // Each lane began with the rounding half: three of the four are taken back.
        const V32 sum = ShiftDown<kShort>(
            pass, hn::Sub(SumLanes(sums[r]), hn::Set(d32, 3 * RoundingHalf<kShort>(pass))));
        hn::Store(NarrowBlocks(sum, sum, sum, sum), d8, bytes);
        for (size_t p = 0; p < count; ++p) out[p] = bytes[p / 4 * 16 + p % 4];
        continue;
      }
      const V8 pixels4 =
          NarrowBlocks(ShiftDown<kShort>(pass, sums[r][0]), ShiftDown<kShort>(pass, sums[r][1]),
                       ShiftDown<kShort>(pass, sums[r][2]), ShiftDown<kShort>(pass, sums[r][3]));
      StorePixels(hn::TableLookupBytesOr0(pixels4, close_up), count, channels,
                  pass.out_bytes - at * channels, out);
    }
  }
}

#if HWY_TARGET == HWY_AVX3_DL
// 16 samples a lane group from a window of 64 bytes (128 where kWide) of one row.
template <bool kWide>
HWY_INLINE __m512i Window(const uint8_t* in, __m512i shuffle) {
  const __m512i low = _mm512_loadu_si512(in);
  if (!kWide) return _mm512_permutexvar_epi8(shuffle, low);
  return _mm512_permutex2var_epi8(low, shuffle, _mm512_loadu_si512(in + 64));
}

// kWindow, kWide: every vector holds 16 consecutive output bytes.
template <bool kWide, bool kShort, int kRows>
void WindowRows(const Pass& pass) {
  constexpr size_t kParts = kShort ? 2 : 3;
  constexpr size_t kStep = (1 + kParts) * 64;
  const V32 half = hn::Set(D32(), RoundingHalf<kShort>(pass));
  // What becomes the rounding half where a sum is shifted by a byte for each part but the last.
  const V32 early_half = hn::ShiftRightSame(half, 8 * (int(kParts) - 1));
  // Narrowing leaves dword 4 * b + v where 4 * v + b belongs.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const uint8_t* step = pass.steps;
  for (size_t at = 0, vector = 0; at < pass.out_bytes; at += 64) {
    __m512i sums[4][kRows];
    for (int part = 0; part < 4; ++part, ++vector) {
      const int steps = pass.step_begin[vector + 1] - pass.step_begin[vector];
      if (steps == 1) {
        // No taps beyond 4: the three bytes of the weights join in one register by Horner's rule.
        const __m512i shuffle = _mm512_loadu_si512(step);
        const __m512i w2 = _mm512_loadu_si512(step + 64);  // unused where weights are short
        const __m512i w1 = _mm512_loadu_si512(step + (kParts - 1) * 64);
        const __m512i w0 = _mm512_loadu_si512(step + kParts * 64);
        const uint8_t* in = pass.in + pass.offsets[4 * pass.step_begin[vector]];
        step += kStep;
        for (int r = 0; r < kRows; ++r) {
          const __m512i x = Window<kWide>(in + size_t(r) * pass.in_stride, shuffle);
          __m512i sum = early_half.raw;
          if (!kShort) sum = _mm512_slli_epi32(_mm512_dpbusd_epi32(sum, x, w2), 8);
          sum = _mm512_dpbusd_epi32(sum, x, w1);
          sum = _mm512_dpbusd_epi32(_mm512_slli_epi32(sum, 8), x, w0);
          sums[part][r] = ShiftDown<kShort>(pass, V32{sum}).raw;
        }
        continue;
      }
      __m512i high[kRows], middle[kRows], low[kRows];
      for (int r = 0; r < kRows; ++r) {
        high[r] = middle[r] = _mm512_setzero_si512();
        low[r] = half.raw;
      }
      for (int s = pass.step_begin[vector]; s < pass.step_begin[vector + 1]; ++s, step += kStep) {
        const __m512i shuffle = _mm512_loadu_si512(step);
        const __m512i w2 = _mm512_loadu_si512(step + 64);  // unused where weights are short
        const __m512i w1 = _mm512_loadu_si512(step + (kParts - 1) * 64);
        const __m512i w0 = _mm512_loadu_si512(step + kParts * 64);
        const uint8_t* in = pass.in + pass.offsets[4 * s];
        for (int r = 0; r < kRows; ++r) {
          const __m512i x = Window<kWide>(in + size_t(r) * pass.in_stride, shuffle);
          if (!kShort) high[r] = _mm512_dpbusd_epi32(high[r], x, w2);
          middle[r] = _mm512_dpbusd_epi32(middle[r], x, w1);
          low[r] = _mm512_dpbusd_epi32(low[r], x, w0);
        }
      }
      for (int r = 0; r < kRows; ++r) {
        const __m512i upper =
            kShort ? middle[r] : _mm512_add_epi32(_mm512_slli_epi32(high[r], 8), middle[r]);
        const __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(upper, 8), low[r]);
        sums[part][r] = ShiftDown<kShort>(pass, V32{sum}).raw;
      }
    }
    const size_t left = pass.out_bytes - at;
    const __mmask64 kept = left >= 64 ? ~__mmask64{0} : (__mmask64{1} << left) - 1;
    for (int r = 0; r < kRows; ++r) {
      const __m512i bytes = _mm512_packus_epi16(_mm512_packs_epi32(sums[0][r], sums[1][r]),
                                                _mm512_packs_epi32(sums[2][r], sums[3][r]));
      uint8_t* out = pass.out + size_t(r) * pass.out_stride + at;
      if (left >= 64) {
        _mm512_storeu_si512(out, _mm512_permutexvar_epi32(order, bytes));
      } else {
        _mm512_mask_storeu_epi8(out, kept, _mm512_permutexvar_epi32(order, bytes));
      }
    }
  }
}
#endif

template <bool kShort, int kRows>
void RunMethod(const Pass& pass, ColumnMethod method) {
  switch (method) {
    case ColumnMethod::kPacked:
      return PackedRows<kShort, kRows>(pass);
    case ColumnMethod::kSpread:
      return SpreadRows<kShort, kRows>(pass);
#if HWY_TARGET == HWY_AVX3_DL
    case ColumnMethod::kWindow:
      return WindowRows<false, kShort, kRows>(pass);
    case ColumnMethod::kWide:
      return WindowRows<true, kShort, kRows>(pass);
#endif
    default:
      return;
  }
}

template <int kRows>
void RunRows(const Pass& pass, const PreparedColumns& columns) {
  if (columns.short_weights) return RunMethod<true, kRows>(pass, columns.method);
  RunMethod<false, kRows>(pass, columns.method);
}

void RunColumns(const PreparedColumns& columns, const uint8_t* in, size_t in_stride, int rows,
                uint8_t* out, size_t out_stride) {
  Pass pass{columns.steps.data(),
            columns.step_begin.data(),
            columns.offsets.data(),
            columns.halves.data(),
            columns.out_bytes,
            columns.channels,
            columns.precision,
            in,
            in_stride,
            out,
            out_stride};
  if (columns.in_bytes < kShortRow) {
    // Narrower than a load may be: from a padded copy, row by row.
    uint8_t padded[kShortRow] = {};
    for (int y = 0; y < rows; ++y) {
      std::memcpy(padded, in + size_t(y) * in_stride, columns.in_bytes);
      pass.in = padded;
      pass.out = out + size_t(y) * out_stride;
      RunRows<1>(pass, columns);
    }
    return;
  }
  // Rows that share each load of weights: as many as the registers hold.
  constexpr int kTogether = HWY_MAX_BYTES >= 32 ? 4 : 2;
  for (; rows >= kTogether; rows -= kTogether) {
    RunRows<kTogether>(pass, columns);
    pass.in += kTogether * in_stride;
    pass.out += kTogether * out_stride;
  }
  for (; rows > 0; --rows) {
    RunRows<1>(pass, columns);
    pass.in += in_stride;
    pass.out += out_stride;
  }
}
#else
// Only prepared for targets with vectors: never called.
void RunColumns(const PreparedColumns&, const uint8_t*, size_t, int, uint8_t*, size_t) {}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(RunColumns)

void ResampleRows(const PreparedColumns& columns, const uint8_t* in, size_t in_stride_bytes,
                  int rows, uint8_t* out, size_t out_stride_bytes) {
  if (columns.method == ColumnMethod::kTwin) {
    reference::ResampleRows(columns.twin, columns.in_begin, in, in_stride_bytes, rows,
                            columns.channels, out, out_stride_bytes);
    return;
  }
  RunColumnsTargets[columns.target](columns, in, in_stride_bytes, rows, out, out_stride_bytes);
}

void ResampleRows(const AxisWeights& weights, int in_begin, const uint8_t* in,
                  size_t in_stride_bytes, int rows, int channels, uint8_t* out,
                  size_t out_stride_bytes) {
  ResampleRows(PrepareColumns(weights, in_begin, channels), in, in_stride_bytes, rows, out,
               out_stride_bytes);
}

}  // namespace imnorm::kernels
#endif
