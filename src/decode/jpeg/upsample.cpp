// Tails: whole vectors throughout; the caller's rows have slack on both sides.
#include "decode/jpeg/upsample.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/upsample.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

#if HWY_TARGET == HWY_SCALAR

void UpsampleRow(const uint8_t* in, int count, uint8_t* out) {
  reference::UpsampleRow(in, count, out);
}
void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out) {
  reference::BlendRow(near, far, bias, count, out);
}
void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out) {
  reference::UpsampleRows(near, far, count, out);
}

#else

using D16 = hn::ScalableTag<uint16_t>;
using V16 = hn::Vec<D16>;
constexpr int kStep = int(hn::MaxLanes(D16()));
static_assert(2 * kStep <= kUpsampleSlack);

HWY_INLINE V16 Load(const uint8_t* p) {
  return hn::PromoteTo(D16(), hn::LoadU(hn::Rebind<uint8_t, D16>(), p));
}

HWY_INLINE V16 Times3(V16 v) { return hn::Add(hn::Add(v, v), v); }

// Even and odd output samples, each below 256, side by side (all targets are little-endian).
HWY_INLINE void StorePairs(V16 even, V16 odd, uint8_t* out) {
  const hn::Repartition<uint8_t, D16> d;
  hn::StoreU(hn::BitCast(d, hn::Or(even, hn::ShiftLeft<8>(odd))), d, out);
}

void UpsampleRow(const uint8_t* in, int count, uint8_t* out) {
  const V16 one = hn::Set(D16(), 1);
  const V16 two = hn::Set(D16(), 2);
  for (int i = 0; i < count; i += kStep) {
    const V16 centre = Times3(Load(in + i));
    const V16 even = hn::ShiftRight<2>(hn::Add(hn::Add(centre, Load(in + i - 1)), one));
    const V16 odd = hn::ShiftRight<2>(hn::Add(hn::Add(centre, Load(in + i + 1)), two));
    StorePairs(even, odd, out + 2 * i);
  }
}

void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out) {
  const V16 round = hn::Set(D16(), uint16_t(bias));
  const hn::Rebind<uint8_t, D16> d8;
  const hn::RebindToSigned<D16> signed16;
  for (int i = 0; i < count; i += kStep) {
    const V16 sum = hn::Add(hn::Add(Times3(Load(near + i)), Load(far + i)), round);
    hn::StoreU(hn::DemoteTo(d8, hn::BitCast(signed16, hn::ShiftRight<2>(sum))), d8, out + i);
  }
}

HWY_INLINE V16 ColumnSum(const uint8_t* near, const uint8_t* far) {
  return hn::Add(Times3(Load(near)), Load(far));
}

void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out) {
  const V16 seven = hn::Set(D16(), 7);
  const V16 eight = hn::Set(D16(), 8);
  for (int i = 0; i < count; i += kStep) {
    const V16 centre = Times3(ColumnSum(near + i, far + i));
    const V16 left = ColumnSum(near + i - 1, far + i - 1);
    const V16 right = ColumnSum(near + i + 1, far + i + 1);
    const V16 even = hn::ShiftRight<4>(hn::Add(hn::Add(centre, left), eight));
    const V16 odd = hn::ShiftRight<4>(hn::Add(hn::Add(centre, right), seven));
    StorePairs(even, odd, out + 2 * i);
  }
}

#endif

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(UpsampleRow)
void UpsampleRow(const uint8_t* in, int count, uint8_t* out) {
  IMNORM_DISPATCH(UpsampleRow)(in, count, out);
}

IMNORM_EXPORT(BlendRow)
void BlendRow(const uint8_t* near, const uint8_t* far, int bias, int count, uint8_t* out) {
  IMNORM_DISPATCH(BlendRow)(near, far, bias, count, out);
}

IMNORM_EXPORT(UpsampleRows)
void UpsampleRows(const uint8_t* near, const uint8_t* far, int count, uint8_t* out) {
  IMNORM_DISPATCH(UpsampleRows)(near, far, count, out);
}

}  // namespace imnorm::jpeg
#endif
