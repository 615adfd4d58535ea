// Fused sums, a vector of neighbours at a time.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/fused_float.cpp"
#include "kernels/fused_float.h"

#include <hwy/foreach_target.h>
#include <hwy/highway.h>  // once a target: dispatch.h guards itself

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
HWY_INLINE void BlendAt(D d, const Neighbours& from, size_t at, float* out) {
  const auto left = hn::LoadU(d, from.left + at);
  const auto right = hn::LoadU(d, from.right + at);
  const auto above = hn::Set(d, from.above);
  const auto below = hn::Set(d, from.below);
  auto sum = hn::Mul(hn::LoadU(d, from.upper_right + at), hn::Mul(above, right));
  sum = hn::MulAdd(hn::LoadU(d, from.upper_left + at), hn::Mul(above, left), sum);
  sum = hn::MulAdd(hn::LoadU(d, from.lower_left + at), hn::Mul(below, left), sum);
  sum = hn::MulAdd(hn::LoadU(d, from.lower_right + at), hn::Mul(below, right), sum);
  hn::StoreU(sum, d, out + at);
}

template <class D>
HWY_INLINE void BlendPairsAt(D d, const Neighbours& from, size_t at, float* out) {
  const auto left = hn::LoadU(d, from.left + at);
  const auto right = hn::LoadU(d, from.right + at);
  auto upper = hn::Mul(hn::LoadU(d, from.upper_right + at), right);
  upper = hn::MulAdd(hn::LoadU(d, from.upper_left + at), left, upper);
  auto lower = hn::Mul(hn::LoadU(d, from.lower_right + at), right);
  lower = hn::MulAdd(hn::LoadU(d, from.lower_left + at), left, lower);
  lower = hn::Mul(lower, hn::Set(d, from.below));
  hn::StoreU(hn::MulAdd(upper, hn::Set(d, from.above), lower), d, out + at);
}

void BlendPairsHere(const Neighbours& from, size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  size_t at = 0;
  for (; at + lanes <= n; at += lanes) BlendPairsAt(d, from, at, out);
  for (; at < n; ++at) BlendPairsAt(hn::CappedTag<float, 1>(), from, at, out);
}

void BlendNeighboursHere(const Neighbours& from, size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  size_t at = 0;
  for (; at + lanes <= n; at += lanes) BlendAt(d, from, at, out);
  for (; at < n; ++at) BlendAt(hn::CappedTag<float, 1>(), from, at, out);
}

template <class D>
HWY_INLINE void AddAt(D d, const float* in, float weight, size_t at, float* sum) {
  const auto added = hn::MulAdd(hn::LoadU(d, in + at), hn::Set(d, weight), hn::LoadU(d, sum + at));
  hn::StoreU(added, d, sum + at);
}

void AddProductsHere(const float* in, float weight, size_t n, float* sum) {
  const hn::ScalableTag<float> d;
  const size_t lanes = hn::Lanes(d);
  size_t at = 0;
  for (; at + lanes <= n; at += lanes) AddAt(d, in, weight, at, sum);
  for (; at < n; ++at) AddAt(hn::CappedTag<float, 1>(), in, weight, at, sum);
}
#else
void BlendPairsHere(const Neighbours& from, size_t n, float* out) {
  reference::BlendPairs(from, n, out);
}

void BlendNeighboursHere(const Neighbours& from, size_t n, float* out) {
  reference::BlendNeighbours(from, n, out);
}

void AddProductsHere(const float* in, float weight, size_t n, float* sum) {
  reference::AddProducts(in, weight, n, sum);
}
#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(BlendPairsHere)
IMNORM_EXPORT(BlendNeighboursHere)
IMNORM_EXPORT(AddProductsHere)

void BlendPairs(const Neighbours& from, size_t n, float* out) {
  IMNORM_DISPATCH(BlendPairsHere)(from, n, out);
}

void BlendNeighbours(const Neighbours& from, size_t n, float* out) {
  IMNORM_DISPATCH(BlendNeighboursHere)(from, n, out);
}

void AddProducts(const float* in, float weight, size_t n, float* sum) {
  IMNORM_DISPATCH(AddProductsHere)(in, weight, n, sum);
}

namespace reference {

void BlendPairs(const Neighbours& from, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) {
    const float left = from.left[i], right = from.right[i];
    const float upper = std::fma(from.upper_left[i], left, from.upper_right[i] * right);
    const float lower = std::fma(from.lower_left[i], left, from.lower_right[i] * right);
    out[i] = std::fma(upper, from.above, lower * from.below);
  }
}

void BlendNeighbours(const Neighbours& from, size_t n, float* out) {
  for (size_t i = 0; i < n; ++i) {
    const float upper_left = from.above * from.left[i], upper_right = from.above * from.right[i];
    const float lower_left = from.below * from.left[i], lower_right = from.below * from.right[i];
    float sum = from.upper_right[i] * upper_right;
    sum = std::fma(from.upper_left[i], upper_left, sum);
    sum = std::fma(from.lower_left[i], lower_left, sum);
    out[i] = std::fma(from.lower_right[i], lower_right, sum);
  }
}

void AddProducts(const float* in, float weight, size_t n, float* sum) {
  for (size_t i = 0; i < n; ++i) sum[i] = std::fma(in[i], weight, sum[i]);
}

}  // namespace reference
}  // namespace imnorm::kernels
#endif
