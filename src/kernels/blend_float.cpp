// torch's float32 sums, a vector of neighbours at a time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/blend_float.cpp"
#include "kernels/blend_float.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>  // once a target: dispatch.h guards itself

#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#undef IMNORM_FUSES
#if HWY_TARGET == HWY_AVX3_DL || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX2 || \
    HWY_ARCH_ARM_A64 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
#define IMNORM_FUSES 1
#else
#define IMNORM_FUSES 0  // MulAdd rounds twice there
#endif

#if IMNORM_FUSES
template <class D>
HWY_INLINE void BlendAt(D d, const float* const* rows, const float* weights, int taps, size_t at,
                        float* out) {
  const int separate = (taps - 1) / 4 * 4;
  auto sum = hn::Mul(hn::LoadU(d, rows[0] + at), hn::Set(d, weights[0]));
  int t = 1;
  for (; t <= separate; ++t) {
    sum = hn::Add(sum, hn::Mul(hn::LoadU(d, rows[t] + at), hn::Set(d, weights[t])));
  }
  for (; t < taps; ++t) {
    sum = hn::MulAdd(hn::LoadU(d, rows[t] + at), hn::Set(d, weights[t]), sum);
  }
  hn::StoreU(sum, d, out + at);
}

// Tail: the last vector overlaps the one before; rows narrower than a vector go one by one.
void BlendFloatsHere(const float* const* rows, const float* weights, int taps, size_t n,
                     float* out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  if (n < lanes) {
    for (size_t at = 0; at < n; ++at) {
      BlendAt(hn::CappedTag<float, 1>(), rows, weights, taps, at, out);
    }
    return;
  }
  size_t at = 0;
  for (; at + lanes <= n; at += lanes) BlendAt(d, rows, weights, taps, at, out);
  if (at < n) BlendAt(d, rows, weights, taps, n - lanes, out);
}
#else
void BlendFloatsHere(const float* const* rows, const float* weights, int taps, size_t n,
                     float* out) {
  reference::BlendFloats(rows, weights, taps, n, out);
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(BlendFloatsHere)

void BlendFloats(const float* const* rows, const float* weights, int taps, size_t n, float* out) {
  IMNORM_DISPATCH(BlendFloatsHere)(rows, weights, taps, n, out);
}

void RoundToBytes(const float* in, size_t n, uint8_t* out) {
  // Added to a number below 2^22, 1.5 * 2^23 leaves no bits for a fraction: the sum is rounded, and
  // the number stands in its last bits.
  constexpr float kNoFraction = 12582912.0f;
  for (size_t i = 0; i < n; ++i) {
    const float rounded = std::min(std::max(in[i], 0.0f), 255.0f) + kNoFraction;
    out[i] = uint8_t(std::bit_cast<uint32_t>(rounded) & 0xff);
  }
}

namespace reference {

void BlendFloats(const float* const* rows, const float* weights, int taps, size_t n, float* out) {
  const int separate = (taps - 1) / 4 * 4;
  for (size_t i = 0; i < n; ++i) {
    float sum = rows[0][i] * weights[0];
    for (int t = 1; t < taps; ++t) {
      sum = t <= separate ? sum + rows[t][i] * weights[t] : std::fma(rows[t][i], weights[t], sum);
    }
    out[i] = sum;
  }
}

}  // namespace reference
}  // namespace imnorm::kernels
#endif
