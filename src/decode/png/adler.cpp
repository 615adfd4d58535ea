// Sums by column: a vector of sums of the bytes at each place, and one of the sums of those, both
// in 16 bits, then one addition of all columns a block.
#include "decode/png/adler.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "decode/png/adler.cpp"
#include <hwy/foreach_target.h>
// In this order: foreach_target.h sets a target, highway.h follows it each time.
#include <hwy/highway.h>

#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace imnorm::png {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Tail: what makes no whole vector goes to the plain twin.
uint32_t Adler32(uint32_t sum, const uint8_t* in, size_t size) {
#if HWY_TARGET == HWY_SCALAR
  return reference::Adler32(sum, in, size);
#else
  constexpr uint32_t kBase = 65521;
  // 255 * 22 * 23 / 2 < 2^16.
  constexpr size_t kMostVectors = 22;
  const hn::ScalableTag<uint8_t> d;
  const hn::Repartition<uint16_t, decltype(d)> d16;
  constexpr size_t kLanes = hn::MaxLanes(d);
  const auto low = hn::Set(d16, 0xff);
  uint64_t a = sum & 0xffff;
  uint64_t b = sum >> 16;
  while (size >= kLanes) {
    const size_t vectors = HWY_MIN(size / kLanes, kMostVectors);
    auto even = hn::Zero(d16), odd = even, even_sums = even, odd_sums = even;
    for (size_t i = 0; i < vectors; ++i, in += kLanes) {
      const auto bytes = hn::BitCast(d16, hn::LoadU(d, in));
      even = hn::Add(even, hn::And(bytes, low));
      odd = hn::Add(odd, hn::ShiftRight<8>(bytes));
      even_sums = hn::Add(even_sums, even);
      odd_sums = hn::Add(odd_sums, odd);
    }
    HWY_ALIGN uint16_t columns[2][kLanes / 2];
    HWY_ALIGN uint16_t sums[2][kLanes / 2];
    hn::Store(even, d16, columns[0]);
    hn::Store(odd, d16, columns[1]);
    hn::Store(even_sums, d16, sums[0]);
    hn::Store(odd_sums, d16, sums[1]);
    // A byte of column j in the last vector counts kLanes - j times, in each one before kLanes
    // times more: that is kLanes times the sums of sums, less j times the columns.
    uint32_t of_columns = 0, of_sums = 0, of_places = 0;
    for (uint32_t j = 0; j < kLanes / 2; ++j) {
      of_columns += uint32_t(columns[0][j]) + columns[1][j];
      of_sums += uint32_t(sums[0][j]) + sums[1][j];
      of_places += 2 * j * columns[0][j] + (2 * j + 1) * columns[1][j];
    }
    b = (b + a * vectors * kLanes + uint64_t{kLanes} * of_sums - of_places) % kBase;
    a = (a + of_columns) % kBase;
    size -= vectors * kLanes;
  }
  return reference::Adler32(uint32_t(b << 16 | a), in, size);
#endif
}

}  // namespace HWY_NAMESPACE
}  // namespace imnorm::png
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace imnorm::png {

IMNORM_EXPORT(Adler32)
uint32_t Adler32(uint32_t sum, const uint8_t* in, size_t size) {
  return IMNORM_DISPATCH(Adler32)(sum, in, size);
}

}  // namespace imnorm::png
#endif
