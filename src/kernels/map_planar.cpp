// The commonest map by far: three channels to float32 planes, in one go.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/map_planar.cpp"
#include <hwy/foreach_target.h>

#include <cstring>

#include "kernels/block_ops-inl.h"
#include "kernels/dispatch.h"
#include "kernels/map_job.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {

#if IMNORM_VECTORS
using DF = hn::ScalableTag<float>;
using VF = hn::Vec<DF>;
constexpr size_t kLanes = kVectorBytes / 4;

// kLanes pixels' channel whose samples `spread` puts into lanes of their own, zero-extended.
HWY_INLINE VF SpreadFormula(V8 pixels, V8 spread, VF k, VF k_lo, VF mean, VF r, VF r_lo) {
#if HWY_TARGET == HWY_AVX3_DL
  const V32 samples{_mm512_maskz_permutexvar_epi8(0x1111111111111111, spread.raw, pixels.raw)};
#else
  const V32 samples = hn::BitCast(D32(), hn::TableLookupBytesOr0(pixels, spread));
#endif
  const VF x = hn::ConvertTo(DF(), samples);
  const VF u = hn::Sub(hn::MulAdd(x, k, hn::Mul(x, k_lo)), mean);
  return hn::MulAdd(u, r, hn::Mul(u, r_lo));
}

// Where the first channel of each pixel of 3 is, for the lowest byte of each lane; 0x80 and a
// little more, which gives 0, for the others. Within a block except on AVX3_DL.
struct FirstOfThree {
  alignas(64) uint8_t index[kVectorBytes];
};
constexpr FirstOfThree MakeFirstOfThree() {
  FirstOfThree first{};
  for (int i = 0; i < kVectorBytes; ++i) {
    const int pixel = HWY_TARGET == HWY_AVX3_DL ? i / 4 : i % 16 / 4;
    first.index[i] = i % 4 == 0 ? uint8_t(3 * pixel) : uint8_t{0x80};
  }
  return first;
}
constexpr FirstOfThree kFirstOfThree = MakeFirstOfThree();

// Without a round trip of the channels through L1.
void PlanarFloat3(const MapJob& job) {
  const D8 d8;
  const DF df;
  const ValueFormula* f = job.formulas;
  const V8 first = hn::Load(d8, kFirstOfThree.index);
  const V8 s0 = hn::Add(first, hn::Set(d8, uint8_t(job.order[0])));
  const V8 s1 = hn::Add(first, hn::Set(d8, uint8_t(job.order[1])));
  const V8 s2 = hn::Add(first, hn::Set(d8, uint8_t(job.order[2])));
  const VF k0 = hn::Set(df, f[0].k), k1 = hn::Set(df, f[1].k), k2 = hn::Set(df, f[2].k);
  const VF l0 = hn::Set(df, f[0].k_lo), l1 = hn::Set(df, f[1].k_lo), l2 = hn::Set(df, f[2].k_lo);
  const VF m0 = hn::Set(df, f[0].mean), m1 = hn::Set(df, f[1].mean), m2 = hn::Set(df, f[2].mean);
  const VF r0 = hn::Set(df, f[0].r), r1 = hn::Set(df, f[1].r), r2 = hn::Set(df, f[2].r);
  const VF t0 = hn::Set(df, f[0].r_lo), t1 = hn::Set(df, f[1].r_lo), t2 = hn::Set(df, f[2].r_lo);
  float* const p0 = reinterpret_cast<float*>(job.planes[0]);
  float* const p1 = reinterpret_cast<float*>(job.planes[1]);
  float* const p2 = reinterpret_cast<float*>(job.planes[2]);
  const uint8_t* in = job.in;
  const size_t n = job.pixels;
  size_t x = 0;
#if HWY_TARGET == HWY_AVX3_DL
  // Plain loads, though only 48 of the 64 bytes are used: masked ones run at half the speed from
  // memory beyond the caches. Tail: masked loads and stores.
  for (; 3 * x + 64 <= 3 * n; x += 16, in += 48) {
    const V8 pixels = hn::LoadU(d8, in);
    hn::StoreU(SpreadFormula(pixels, s0, k0, l0, m0, r0, t0), df, p0 + x);
    hn::StoreU(SpreadFormula(pixels, s1, k1, l1, m1, r1, t1), df, p1 + x);
    hn::StoreU(SpreadFormula(pixels, s2, k2, l2, m2, r2, t2), df, p2 + x);
  }
  for (; x < n; x += 16, in += 48) {
    const size_t left = n - x < 16 ? n - x : 16;
    const __mmask16 kept = __mmask16((1u << left) - 1);
    const V8 pixels{_mm512_maskz_loadu_epi8((uint64_t{1} << (3 * left)) - 1, in)};
    _mm512_mask_storeu_ps(p0 + x, kept, SpreadFormula(pixels, s0, k0, l0, m0, r0, t0).raw);
    _mm512_mask_storeu_ps(p1 + x, kept, SpreadFormula(pixels, s1, k1, l1, m1, r1, t1).raw);
    _mm512_mask_storeu_ps(p2 + x, kept, SpreadFormula(pixels, s2, k2, l2, m2, r2, t2).raw);
  }
#else
  // Each block loads 16 bytes and uses 12. Tail: from a padded copy; the last vector overlaps the
  // one before, and less than a vector leaves through a copy too.
  constexpr int32_t kBlockAt[4] = {0, 12, 24, 36};
  const size_t in_bytes = 3 * n;
  for (; 3 * x + 12 * (kBlocks - 1) + 16 <= in_bytes; x += kLanes) {
    const V8 pixels = LoadBlocks(in + 3 * x, kBlockAt);
    hn::StoreU(SpreadFormula(pixels, s0, k0, l0, m0, r0, t0), df, p0 + x);
    hn::StoreU(SpreadFormula(pixels, s1, k1, l1, m1, r1, t1), df, p1 + x);
    hn::StoreU(SpreadFormula(pixels, s2, k2, l2, m2, r2, t2), df, p2 + x);
  }
  for (; x < n; x += kLanes) {
    uint8_t padded[12 * kBlocks + 16] = {};
    const size_t from = n < kLanes ? 0 : (x < n - kLanes ? x : n - kLanes);
    const size_t count = n < kLanes ? n : kLanes;
    std::memcpy(padded, in + 3 * from, 3 * count);
    const V8 pixels = LoadBlocks(padded, kBlockAt);
    HWY_ALIGN float few[3][kLanes];
    hn::Store(SpreadFormula(pixels, s0, k0, l0, m0, r0, t0), df, few[0]);
    hn::Store(SpreadFormula(pixels, s1, k1, l1, m1, r1, t1), df, few[1]);
    hn::Store(SpreadFormula(pixels, s2, k2, l2, m2, r2, t2), df, few[2]);
    for (int c = 0; c < 3; ++c) {
      std::memcpy(job.planes[c] + from * sizeof(float), few[c], count * sizeof(float));
    }
  }
#endif
}
#else
// Maps are made for targets with vectors only: never called.
void PlanarFloat3(const MapJob&) {}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(PlanarFloat3)

void MapPlanarFloat3(Target target, const MapJob& job) { PlanarFloat3Targets[target](job); }

}  // namespace imnorm::kernels
#endif
