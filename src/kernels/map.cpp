// Samples to output elements: a chunk of pixels is taken apart into channels in L1, then each
// channel runs through one flat kernel.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/map.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/block_ops-inl.h"
#include "kernels/dispatch.h"
#include "kernels/kernels.h"
#include "kernels/map_job.h"
#include "kernels/value_map.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
// Pixels at a time: the channels' bytes and, for interleaved output, elements stay in L1.
constexpr size_t kChunk = 512;

using DF = hn::ScalableTag<float>;
using VF = hn::Vec<DF>;
constexpr size_t kLanes = kVectorBytes / 4;

template <MapMethod kMethod>
HWY_INLINE VF Formula(VF x, const ValueFormula& f) {
  const DF d;
  if (kMethod == MapMethod::kDivide) {
    return hn::Div(hn::Sub(hn::Div(x, hn::Set(d, f.scale)), hn::Set(d, f.mean)), hn::Set(d, f.std));
  }
  const VF scaled = hn::MulAdd(x, hn::Set(d, f.k), hn::Mul(x, hn::Set(d, f.k_lo)));
  const VF u = hn::Sub(scaled, hn::Set(d, f.mean));
  return hn::MulAdd(u, hn::Set(d, f.r), hn::Mul(u, hn::Set(d, f.r_lo)));
}

HWY_INLINE VF Samples(const uint8_t* in) {
  const hn::Rebind<uint8_t, DF> d8;
  const hn::Rebind<int32_t, DF> d32;
  return hn::ConvertTo(DF(), hn::PromoteTo(d32, hn::LoadU(d8, in)));
}

HWY_INLINE void StoreElements(VF v, ElementType dtype, uint8_t* out) {
  const DF d;
  if (dtype == ElementType::kF32) {
    hn::StoreU(v, d, reinterpret_cast<float*>(out));
  } else if (dtype == ElementType::kF16) {
    const hn::Rebind<hwy::float16_t, DF> d16;
    hn::StoreU(hn::DemoteTo(d16, v), d16, reinterpret_cast<hwy::float16_t*>(out));
  } else {
    // To the nearest bfloat16, ties to even; Highway's own conversion cuts off.
    const hn::RebindToUnsigned<DF> du;
    const hn::RebindToSigned<DF> di;
    const hn::Rebind<uint16_t, DF> d16;
    const auto bits = hn::BitCast(du, v);
    const auto odd = hn::And(hn::ShiftRight<16>(bits), hn::Set(du, 1));
    const auto rounded = hn::Add(bits, hn::Add(odd, hn::Set(du, 0x7FFF)));
    hn::StoreU(hn::DemoteTo(d16, hn::BitCast(di, hn::ShiftRight<16>(rounded))), d16,
               reinterpret_cast<uint16_t*>(out));
  }
}

// Tail: the last vector overlaps the one before; less than a vector goes through a copy.
template <MapMethod kMethod, ElementType kDType>
void FlatFormula(const ValueFormula& formula, const uint8_t* in, size_t n, uint8_t* out) {
  constexpr size_t kBytes = ElementBytes(kDType);
  if (n < kLanes) {
    uint8_t few[kLanes] = {};
    HWY_ALIGN uint8_t elements[kLanes * kBytes];
    std::memcpy(few, in, n);
    StoreElements(Formula<kMethod>(Samples(few), formula), kDType, elements);
    std::memcpy(out, elements, n * kBytes);
    return;
  }
  const auto at = [&](size_t i) HWY_ATTR {
    StoreElements(Formula<kMethod>(Samples(in + i), formula), kDType, out + i * kBytes);
  };
  size_t i = 0;
  for (; i + 4 * kLanes <= n; i += 4 * kLanes) {
    at(i);
    at(i + kLanes);
    at(i + 2 * kLanes);
    at(i + 3 * kLanes);
  }
  for (; i + kLanes <= n; i += kLanes) at(i);
  if (i < n) at(n - kLanes);
}

template <MapMethod kMethod>
void FlatFormula(ElementType dtype, const ValueFormula& formula, const uint8_t* in, size_t n,
                 uint8_t* out) {
  switch (dtype) {
    case ElementType::kF32:
      return FlatFormula<kMethod, ElementType::kF32>(formula, in, n, out);
    case ElementType::kF16:
      return FlatFormula<kMethod, ElementType::kF16>(formula, in, n, out);
    default:
      return FlatFormula<kMethod, ElementType::kBF16>(formula, in, n, out);
  }
}

#if HWY_TARGET == HWY_AVX3_DL
// 256-entry lookups of bytes in registers; kBytes planes of bytes make an element.
template <int kBytes>
void FlatTable(const uint8_t* planes, const uint8_t* in, size_t n, uint8_t* out) {
  __m512i table[4 * kBytes];
  for (int i = 0; i < 4 * kBytes; ++i) table[i] = _mm512_loadu_si512(planes + 64 * i);
  // Interleaving works within blocks: samples are put where that leaves elements in order.
  const __m512i order =
      kBytes == 4 ? _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)
                  : _mm512_setr_epi32(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
  for (size_t at = 0; at < n; at += 64, in += 64, out += 64 * kBytes) {
    const size_t left = n - at < 64 ? n - at : 64;
    const __mmask64 kept = ~__mmask64{0} >> (64 - left);
    __m512i index = left == 64 ? _mm512_loadu_si512(in) : _mm512_maskz_loadu_epi8(kept, in);
    if (kBytes > 1) index = _mm512_permutexvar_epi32(order, index);
    const __mmask64 upper = _mm512_movepi8_mask(index);
    __m512i b[kBytes];
    for (int i = 0; i < kBytes; ++i) {
      const __m512i low = _mm512_permutex2var_epi8(table[4 * i], index, table[4 * i + 1]);
      const __m512i high = _mm512_permutex2var_epi8(table[4 * i + 2], index, table[4 * i + 3]);
      b[i] = _mm512_mask_mov_epi8(low, upper, high);
    }
    __m512i elements[kBytes];
    if (kBytes == 1) {
      elements[0] = b[0];
    } else if (kBytes == 2) {
      elements[0] = _mm512_unpacklo_epi8(b[0], b[kBytes - 1]);
      elements[kBytes - 1] = _mm512_unpackhi_epi8(b[0], b[kBytes - 1]);
    } else {
      const __m512i low01 = _mm512_unpacklo_epi8(b[0], b[1 % kBytes]);
      const __m512i high01 = _mm512_unpackhi_epi8(b[0], b[1 % kBytes]);
      const __m512i low23 = _mm512_unpacklo_epi8(b[2 % kBytes], b[3 % kBytes]);
      const __m512i high23 = _mm512_unpackhi_epi8(b[2 % kBytes], b[3 % kBytes]);
      elements[0] = _mm512_unpacklo_epi16(low01, low23);
      elements[1 % kBytes] = _mm512_unpackhi_epi16(low01, low23);
      elements[2 % kBytes] = _mm512_unpacklo_epi16(high01, high23);
      elements[3 % kBytes] = _mm512_unpackhi_epi16(high01, high23);
    }
    if (left == 64) {
      for (int i = 0; i < kBytes; ++i) _mm512_storeu_si512(out + 64 * i, elements[i]);
    } else {
      HWY_ALIGN uint8_t last[64 * kBytes];
      for (int i = 0; i < kBytes; ++i) _mm512_store_si512(last + 64 * i, elements[i]);
      std::memcpy(out, last, left * kBytes);
    }
  }
}
#endif

template <typename T>
void FlatLookups(const uint8_t* elements, const uint8_t* in, size_t n, uint8_t* out) {
  for (size_t i = 0; i < n; ++i)
    std::memcpy(out + i * sizeof(T), elements + in[i] * sizeof(T), sizeof(T));
}

// n samples of one channel, contiguous on both sides.
void FlatChannel(const MapJob& job, int channel, const uint8_t* in, size_t n, uint8_t* out) {
  const size_t bytes = job.element_bytes;
  switch (job.method) {
    case MapMethod::kMultiplyAdd:
      return FlatFormula<MapMethod::kMultiplyAdd>(job.dtype, job.formulas[channel], in, n, out);
    case MapMethod::kDivide:
      return FlatFormula<MapMethod::kDivide>(job.dtype, job.formulas[channel], in, n, out);
    case MapMethod::kBytes:
      std::memcpy(out, in, n);
      return;
    default:
      break;
  }
#if HWY_TARGET == HWY_AVX3_DL
  const uint8_t* planes = job.byte_planes + size_t(channel) * 256 * bytes;
  if (bytes == 1) return FlatTable<1>(planes, in, n, out);
  if (bytes == 2) return FlatTable<2>(planes, in, n, out);
  return FlatTable<4>(planes, in, n, out);
#else
  const uint8_t* elements = job.elements + size_t(channel) * 256 * bytes;
  if (bytes == 1) return FlatLookups<uint8_t>(elements, in, n, out);
  if (bytes == 2) return FlatLookups<uint16_t>(elements, in, n, out);
  return FlatLookups<uint32_t>(elements, in, n, out);
#endif
}

// Takes n <= kChunk pixels apart. Tail: plain.
HWY_INLINE void Deinterleave(const uint8_t* in, size_t n, size_t channels, uint8_t (*out)[kChunk]) {
  const D8 d;
  constexpr size_t kStep = kVectorBytes;
  size_t i = 0;
  V8 a, b, c, e;
  if (channels == 2) {
    for (; i + kStep <= n; i += kStep) {
      hn::LoadInterleaved2(d, in + i * 2, a, b);
      hn::StoreU(a, d, out[0] + i);
      hn::StoreU(b, d, out[1] + i);
    }
  } else if (channels == 3) {
    for (; i + kStep <= n; i += kStep) {
      hn::LoadInterleaved3(d, in + i * 3, a, b, c);
      hn::StoreU(a, d, out[0] + i);
      hn::StoreU(b, d, out[1] + i);
      hn::StoreU(c, d, out[2] + i);
    }
  } else if (channels == 4) {
    for (; i + kStep <= n; i += kStep) {
      hn::LoadInterleaved4(d, in + i * 4, a, b, c, e);
      hn::StoreU(a, d, out[0] + i);
      hn::StoreU(b, d, out[1] + i);
      hn::StoreU(c, d, out[2] + i);
      hn::StoreU(e, d, out[3] + i);
    }
  }
  for (; i < n; ++i) {
    for (size_t k = 0; k < channels; ++k) out[k][i] = in[i * channels + k];
  }
}

// Element i of channel c goes to out[i * channels + c].
template <typename T>
HWY_INLINE void Interleave(const uint8_t (*planes)[kChunk * 4], size_t n, size_t channels,
                           uint8_t* out8) {
  const hn::ScalableTag<T> d;
  constexpr size_t kStep = kVectorBytes / sizeof(T);
  const auto plane = [&](size_t c) HWY_ATTR { return reinterpret_cast<const T*>(planes[c]); };
  T* out = reinterpret_cast<T*>(out8);
  size_t i = 0;
  if (channels == 3) {
    for (; i + kStep <= n; i += kStep) {
      hn::StoreInterleaved3(hn::LoadU(d, plane(0) + i), hn::LoadU(d, plane(1) + i),
                            hn::LoadU(d, plane(2) + i), d, out + i * 3);
    }
  } else if (channels == 4) {
    for (; i + kStep <= n; i += kStep) {
      hn::StoreInterleaved4(hn::LoadU(d, plane(0) + i), hn::LoadU(d, plane(1) + i),
                            hn::LoadU(d, plane(2) + i), hn::LoadU(d, plane(3) + i), d, out + i * 4);
    }
  }
  for (; i < n; ++i) {
    for (size_t c = 0; c < channels; ++c) {
      std::memcpy(out8 + (i * channels + c) * sizeof(T), planes[c] + i * sizeof(T), sizeof(T));
    }
  }
}

void RunMap(const MapJob& job) {
  const size_t channels = size_t(job.channels), bytes = job.element_bytes;
  const bool interleaved = job.layout == Layout::kNhwc;
  if (channels == 1) return FlatChannel(job, 0, job.in, job.pixels, job.planes[0]);
  HWY_ALIGN uint8_t samples[4][kChunk];
  HWY_ALIGN uint8_t elements[4][kChunk * 4];
  for (size_t at = 0; at < job.pixels; at += kChunk) {
    const size_t n = job.pixels - at < kChunk ? job.pixels - at : kChunk;
    const uint8_t* in = job.in + at * channels;
    if (channels <= 4) Deinterleave(in, n, channels, samples);
    for (size_t c = 0; c < channels; ++c) {
      const uint8_t* from = samples[channels <= 4 ? job.order[c] : 0];
      if (channels > 4) {
        for (size_t i = 0; i < n; ++i) samples[0][i] = in[i * channels + size_t(job.order[c])];
      }
      if (!interleaved) {
        FlatChannel(job, int(c), from, n, job.planes[c] + at * bytes);
        continue;
      }
      FlatChannel(job, int(c), from, n, elements[channels <= 4 ? c : 0]);
      if (channels <= 4) continue;
      uint8_t* out = job.planes[0] + (at * channels + c) * bytes;
      for (size_t i = 0; i < n; ++i)
        std::memcpy(out + i * channels * bytes, elements[0] + i * bytes, bytes);
    }
    if (!interleaved || channels > 4) continue;
    uint8_t* out = job.planes[0] + at * channels * bytes;
    if (bytes == 1) Interleave<uint8_t>(elements, n, channels, out);
    if (bytes == 2) Interleave<uint16_t>(elements, n, channels, out);
    if (bytes == 4) Interleave<uint32_t>(elements, n, channels, out);
  }
}
#else
// Maps are made for targets with vectors only: never called.
void RunMap(const MapJob&) {}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(RunMap)

void MapRow(const ValueMap& map, const uint8_t* in, size_t pixels, uint8_t* const* planes) {
  if (map.method == MapMethod::kTwin) {
    reference::MapRow(*map.table, in, int(pixels), map.order.data(), map.layout, planes);
    return;
  }
  MapJob job;
  job.method = map.method;
  job.dtype = map.table->dtype;
  job.layout = map.layout;
  job.channels = map.table->channels;
  job.element_bytes = ElementBytes(map.table->dtype);
  job.order = map.order.data();
  job.formulas = map.formulas.data();
  job.elements = map.table->elements.data();
  job.byte_planes = map.byte_planes.data();
  job.in = in;
  job.pixels = pixels;
  job.planes = planes;
  if (job.method == MapMethod::kMultiplyAdd && job.dtype == ElementType::kF32 &&
      job.layout == Layout::kNchw && job.channels == 3) {
    MapPlanarFloat3(map.target, job);
  } else {
    RunMapTargets[map.target](job);
  }
}

void MapRow(const ValueTable& table, const uint8_t* in, int pixels, const int* order, Layout layout,
            uint8_t* const* planes) {
  reference::MapRow(table, in, pixels, order, layout, planes);
}

}  // namespace imnorm::kernels
#endif
