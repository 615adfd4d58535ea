// Copies whole vectors and steps back where one holds an FF: about one vector in 4 to 16 does, so
// the branch costs less than AVX-512's byte compression would save.
#include "decode/jpeg/unstuff.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/jpeg/unstuff.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::jpeg {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Tail: the last bytes, fewer than a vector, go to the plain twin.
Unstuffed Unstuff(const uint8_t* in, size_t size, uint8_t* out) {
#if HWY_TARGET == HWY_SCALAR
  return reference::Unstuff(in, size, out);
#else
  const hn::ScalableTag<uint8_t> d;
  const size_t step = hn::Lanes(d);
  static_assert(HWY_MAX_BYTES <= kUnstuffSlack);
  const auto all_ones = hn::Set(d, 0xff);
  size_t read = 0;
  size_t written = 0;
  while (size - read > step) {
    const auto bytes = hn::LoadU(d, in + read);
    hn::StoreU(bytes, d, out + written);
    const intptr_t first = hn::FindFirstTrue(d, hn::Eq(bytes, all_ones));
    if (HWY_LIKELY(first < 0)) {
      read += step;
      written += step;
      continue;
    }
    read += size_t(first);
    written += size_t(first);
    if (HWY_UNLIKELY(in[read + 1] != 0)) return {read, written, true};
    read += 2;  // the FF itself stands in out already
    written += 1;
  }
  const Unstuffed tail = reference::Unstuff(in + read, size - read, out + written);
  return {read + tail.read, written + tail.written, tail.at_marker};
#endif
}

// Tail: as above.
size_t FindMarker(const uint8_t* in, size_t size) {
  size_t at = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::ScalableTag<uint8_t> d;
  const size_t step = hn::Lanes(d);
  const auto all_ones = hn::Set(d, 0xff);
  for (; size - at > step; at += step) {
    const auto is_ff = hn::Eq(hn::LoadU(d, in + at), all_ones);
    const auto is_stuffed = hn::Eq(hn::LoadU(d, in + at + 1), hn::Zero(d));
    const intptr_t first = hn::FindFirstTrue(d, hn::AndNot(is_stuffed, is_ff));
    if (first >= 0) return at + size_t(first);
  }
#endif
  return at + reference::FindMarker(in + at, size - at);
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::jpeg
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::jpeg {

IMNORM_EXPORT(FindMarker)
size_t FindMarker(const uint8_t* in, size_t size) { return IMNORM_DISPATCH(FindMarker)(in, size); }

IMNORM_EXPORT(Unstuff)
Unstuffed Unstuff(const uint8_t* in, size_t size, uint8_t* out) {
  return IMNORM_DISPATCH(Unstuff)(in, size, out);
}

}  // namespace imnorm::jpeg
#endif
