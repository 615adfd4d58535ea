// Element types of layer inputs and outputs <-> float32.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/layer_convert.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>  // once a target: dispatch.h guards itself

#include "kernels/dispatch.h"
#include "kernels/layer_kernels.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::kernels {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// All tails: the plain twin.
#if HWY_TARGET == HWY_SCALAR || HWY_TARGET == HWY_EMU128

void FromU8(const uint8_t* in, size_t n, float* out) { reference::LayerFromU8(in, n, out); }
void FromBF16(const uint16_t* in, size_t n, float* out) { reference::LayerFromBF16(in, n, out); }
void ToBF16(const float* in, size_t n, uint16_t* out) { reference::LayerToBF16(in, n, out); }

#else

void FromU8(const uint8_t* in, size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<int32_t, decltype(d)> d32;
  const hn::Rebind<uint8_t, decltype(d)> d8;
  const size_t width = hn::Lanes(d);
  size_t i = 0;
  for (; i + width <= n; i += width) {
    hn::StoreU(hn::ConvertTo(d, hn::PromoteTo(d32, hn::LoadU(d8, in + i))), d, out + i);
  }
  reference::LayerFromU8(in + i, n - i, out + i);
}

void FromBF16(const uint16_t* in, size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<uint32_t, decltype(d)> d32;
  const hn::Rebind<uint16_t, decltype(d)> d16;
  const size_t width = hn::Lanes(d);
  size_t i = 0;
  for (; i + width <= n; i += width) {
    const auto wide = hn::ShiftLeft<16>(hn::PromoteTo(d32, hn::LoadU(d16, in + i)));
    hn::StoreU(hn::BitCast(d, wide), d, out + i);
  }
  reference::LayerFromBF16(in + i, n - i, out + i);
}

// Round to nearest even in integers: add half of what is cut, less one where the kept part is even.
void ToBF16(const float* in, size_t n, uint16_t* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<uint32_t, decltype(d)> d32;
  const hn::Rebind<int32_t, decltype(d)> ds;
  const hn::Rebind<uint16_t, decltype(d)> d16;
  const size_t width = hn::Lanes(d);
  const auto half = hn::Set(d32, 0x7fff);
  const auto one = hn::Set(d32, 1);
  const auto quiet = hn::Set(d32, 0x40);
  size_t i = 0;
  for (; i + width <= n; i += width) {
    const auto x = hn::LoadU(d, in + i);
    const auto bits = hn::BitCast(d32, x);
    const auto kept = hn::ShiftRight<16>(bits);
    const auto odd = hn::And(kept, one);
    const auto rounded = hn::ShiftRight<16>(hn::Add(bits, hn::Add(half, odd)));
    const auto is_nan = hn::RebindMask(d32, hn::IsNaN(x));
    const auto result = hn::IfThenElse(is_nan, hn::Or(kept, quiet), rounded);
    hn::StoreU(hn::DemoteTo(d16, hn::BitCast(ds, result)), d16, out + i);
  }
  reference::LayerToBF16(in + i, n - i, out + i);
}

#endif

// Before F16C, Highway 1.0.3 widens and narrows by hand and loses infinities.
#if HWY_TARGET <= HWY_AVX2 && HWY_ARCH_X86

void FromF16(const uint16_t* in, size_t n, float* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> d16;
  const hn::Rebind<uint16_t, decltype(d)> du16;
  const size_t width = hn::Lanes(d);
  size_t i = 0;
  for (; i + width <= n; i += width) {
    hn::StoreU(hn::PromoteTo(d, hn::BitCast(d16, hn::LoadU(du16, in + i))), d, out + i);
  }
  reference::LayerFromF16(in + i, n - i, out + i);
}

void ToF16(const float* in, size_t n, uint16_t* out) {
  const hn::ScalableTag<float> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> d16;
  const hn::Rebind<uint16_t, decltype(d)> du16;
  const hn::Rebind<uint32_t, decltype(d)> d32;
  const size_t width = hn::Lanes(d);
  const auto nan = hn::BitCast(d, hn::Set(d32, 0x7fc00000));  // one payload for all, as the twin's
  size_t i = 0;
  for (; i + width <= n; i += width) {
    const auto x = hn::LoadU(d, in + i);
    const auto plain = hn::IfThenElse(hn::IsNaN(x), hn::CopySign(nan, x), x);
    hn::StoreU(hn::BitCast(du16, hn::DemoteTo(d16, plain)), du16, out + i);
  }
  reference::LayerToF16(in + i, n - i, out + i);
}

#else

void FromF16(const uint16_t* in, size_t n, float* out) { reference::LayerFromF16(in, n, out); }
void ToF16(const float* in, size_t n, uint16_t* out) { reference::LayerToF16(in, n, out); }

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::kernels {

IMNORM_EXPORT(FromU8)
IMNORM_EXPORT(FromF16)
IMNORM_EXPORT(FromBF16)
IMNORM_EXPORT(ToF16)
IMNORM_EXPORT(ToBF16)

void LayerFromU8(const uint8_t* in, size_t n, float* out) { IMNORM_DISPATCH(FromU8)(in, n, out); }
void LayerFromF16(const uint16_t* in, size_t n, float* out) {
  IMNORM_DISPATCH(FromF16)(in, n, out);
}
void LayerFromBF16(const uint16_t* in, size_t n, float* out) {
  IMNORM_DISPATCH(FromBF16)(in, n, out);
}
void LayerToF16(const float* in, size_t n, uint16_t* out) { IMNORM_DISPATCH(ToF16)(in, n, out); }
void LayerToBF16(const float* in, size_t n, uint16_t* out) { IMNORM_DISPATCH(ToBF16)(in, n, out); }

}  // namespace imnorm::kernels
#endif
