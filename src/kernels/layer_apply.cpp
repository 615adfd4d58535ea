// Lines over planes, in float64, rounded once to float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_apply.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>  // once a target: dispatch.h guards itself

#include "kernels/dispatch.h"
#include "kernels/layer_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void Apply(const float* in, size_t n, LayerLine line, float* out) {
  reference::LayerApply(in, n, line, out);
}

void ApplyElements(const float* in, size_t n, LayerLine line, const float* gamma, const float* beta,
                   float* out) {
  reference::LayerApplyElements(in, n, line, gamma, beta, out);
}

#else

// Tail: the plain loop; its arithmetic is the same.
void Apply(const float* in, size_t n, LayerLine line, float* out) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> df;
  const size_t width = hn::Lanes(d);
  const auto center = hn::Set(d, line.center);
  const auto factor = hn::Set(d, line.factor);
  const auto offset = hn::Set(d, line.offset);
  const auto one = [&](const float* from, float* to) HWY_ATTR {
    const auto x = hn::PromoteTo(d, hn::LoadU(df, from));
    const auto y = hn::Add(hn::Mul(hn::Sub(x, center), factor), offset);
    hn::StoreU(hn::DemoteTo(df, y), df, to);
  };
  size_t i = 0;
  for (; i + 4 * width <= n; i += 4 * width) {
    one(in + i, out + i);
    one(in + i + width, out + i + width);
    one(in + i + 2 * width, out + i + 2 * width);
    one(in + i + 3 * width, out + i + 3 * width);
  }
  for (; i + width <= n; i += width) one(in + i, out + i);
  reference::LayerApply(in + i, n - i, line, out + i);
}

void ApplyElements(const float* in, size_t n, LayerLine line, const float* gamma, const float* beta,
                   float* out) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> df;
  const size_t width = hn::Lanes(d);
  const auto center = hn::Set(d, line.center);
  const auto factor = hn::Set(d, line.factor);
  const auto offset = hn::Set(d, line.offset);
  size_t i = 0;
  for (; i + width <= n; i += width) {
    const auto x = hn::PromoteTo(d, hn::LoadU(df, in + i));
    const auto normal = hn::Add(hn::Mul(hn::Sub(x, center), factor), offset);
    const auto weight = hn::PromoteTo(d, hn::LoadU(df, gamma + i));
    const auto bias = hn::PromoteTo(d, hn::LoadU(df, beta + i));
    hn::StoreU(hn::DemoteTo(df, hn::Add(hn::Mul(normal, weight), bias)), df, out + i);
  }
  reference::LayerApplyElements(in + i, n - i, line, gamma + i, beta + i, out + i);
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(Apply)
IMNORM_EXPORT(ApplyElements)

void LayerApply(const float* in, size_t n, LayerLine line, float* out) {
  IMNORM_DISPATCH(Apply)(in, n, line, out);
}

void LayerApplyElements(const float* in, size_t n, LayerLine line, const float* gamma,
                        const float* beta, float* out) {
  IMNORM_DISPATCH(ApplyElements)(in, n, line, gamma, beta, out);
}

}  // namespace imnorm::kernels
#endif
