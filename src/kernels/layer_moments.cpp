// Sums of deviations and of bytes, for mean and variance in one pass.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_moments.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>  // once a target: dispatch.h guards itself

#include "kernels/dispatch.h"
#include "kernels/layer_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

LayerSums BlockSums(const float* in, size_t n, double pivot) {
  return reference::LayerBlockSums(in, n, pivot);
}

void ByteSums(const uint8_t* in, size_t n, uint64_t* out) { reference::LayerByteSums(in, n, out); }

#else

// The 16 lanes lie in 16 / Lanes(d) vectors, lane order, so that every target adds the same numbers
// in the same order. Tail: a last, partial group is copied behind a filling of pivots, whose
// deviation 0 changes no sum. Multiply and add stay apart: SSE4 cannot fuse them.
LayerSums BlockSums(const float* HWY_RESTRICT in, size_t n, double pivot) {
  const hn::CappedTag<double, 8> d;
  const hn::Rebind<float, decltype(d)> df;
  constexpr size_t kWidth = hn::MaxLanes(decltype(d)());
  constexpr size_t kVectors = kLayerLanes / kWidth;
  using V = hn::Vec<decltype(d)>;
  const V from = hn::Set(d, pivot);
  V sum[kVectors];
  V squares[kVectors];
#pragma GCC unroll 8
  for (size_t v = 0; v < kVectors; ++v) sum[v] = squares[v] = hn::Zero(d);
  const auto add = [&](const float* HWY_RESTRICT group) HWY_ATTR {
#pragma GCC unroll 8
    for (size_t v = 0; v < kVectors; ++v) {
      const V x = hn::PromoteTo(d, hn::LoadU(df, group + v * kWidth));
      const V deviation = hn::Sub(x, from);
      sum[v] = hn::Add(sum[v], deviation);
      squares[v] = hn::Add(squares[v], hn::Mul(deviation, deviation));
    }
  };
  size_t i = 0;
  for (; i + kLayerLanes <= n; i += kLayerLanes) add(in + i);
  if (i < n) {
    float group[kLayerLanes];
    for (size_t k = 0; k < kLayerLanes; ++k) group[k] = i + k < n ? in[i + k] : float(pivot);
    add(group);
  }
  alignas(64) double lanes[2][kLayerLanes];
#pragma GCC unroll 8
  for (size_t v = 0; v < kVectors; ++v) {
    hn::Store(sum[v], d, lanes[0] + v * kWidth);
    hn::Store(squares[v], d, lanes[1] + v * kWidth);
  }
  for (size_t half = kLayerLanes / 2; half > 0; half /= 2) {
    for (size_t k = 0; k < half; ++k) {
      lanes[0][k] += lanes[0][k + half];
      lanes[1][k] += lanes[1][k + half];
    }
  }
  LayerSums sums;
  sums.sum = lanes[0][0];
  sums.sum_squares = lanes[1][0];
  return sums;
}

// Squares are added in pairs to 32-bit lanes, at most 2 * 255^2 a step: kSteps of them stay below
// 2^31. Tail: the plain loop.
void ByteSums(const uint8_t* HWY_RESTRICT in, size_t n, uint64_t* HWY_RESTRICT out) {
  constexpr size_t kSteps = 8192;
  const hn::ScalableTag<int16_t> d16;
  const hn::Rebind<uint8_t, decltype(d16)> d8;
  const hn::RepartitionToWide<decltype(d16)> d32;
  const size_t width = hn::Lanes(d16);
  const auto one = hn::Set(d16, 1);
  uint64_t sum = 0;
  uint64_t squares = 0;
  size_t i = 0;
  while (i + width <= n) {
    auto sums0 = hn::Zero(d32);
    auto sums1 = hn::Zero(d32);
    auto squares0 = hn::Zero(d32);
    auto squares1 = hn::Zero(d32);
    for (size_t step = 0; step < kSteps && i + width <= n; ++step, i += width) {
      const auto x = hn::PromoteTo(d16, hn::LoadU(d8, in + i));
      sums0 = hn::ReorderWidenMulAccumulate(d32, x, one, sums0, sums1);
      squares0 = hn::ReorderWidenMulAccumulate(d32, x, x, squares0, squares1);
    }
    alignas(64) int32_t lanes[4][hn::MaxLanes(decltype(d32)())];
    hn::Store(sums0, d32, lanes[0]);
    hn::Store(sums1, d32, lanes[1]);
    hn::Store(squares0, d32, lanes[2]);
    hn::Store(squares1, d32, lanes[3]);
    for (size_t k = 0; k < hn::Lanes(d32); ++k) {
      sum += uint64_t(lanes[0][k]) + uint64_t(lanes[1][k]);
      squares += uint64_t(lanes[2][k]) + uint64_t(lanes[3][k]);
    }
  }
  for (; i < n; ++i) {
    sum += in[i];
    squares += uint64_t(in[i]) * in[i];
  }
  out[0] = sum;
  out[1] = squares;
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(BlockSums)
IMNORM_EXPORT(ByteSums)

LayerSums LayerBlockSums(const float* in, size_t n, double pivot) {
  return IMNORM_DISPATCH(BlockSums)(in, n, pivot);
}

void LayerByteSums(const uint8_t* in, size_t n, uint64_t out[2]) {
  IMNORM_DISPATCH(ByteSums)(in, n, out);
}

}  // namespace imnorm::kernels
#endif
